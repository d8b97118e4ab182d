/** Decision points of SSVC that decide how fast a leak is fixed. */
export interface SsvcPoints {
  readonly isPubliclyExposed: boolean;
  readonly isKnownExploited: boolean;
  readonly isAutomatable: boolean;
  readonly technicalImpact: 'partial' | 'total';
}

export interface SsvcDecision {
  readonly label: string;
  /** Undefined: with the next upgrade. */
  readonly fixDays: number | undefined;
}

const UPGRADE: SsvcDecision = { label: 'with the next upgrade', fixDays: undefined };
const SIXTY: SsvcDecision = { label: '60 days', fixDays: 60 };
const FOURTEEN: SsvcDecision = { label: '14 days', fixDays: 14 };
const THREE: SsvcDecision = { label: '3 days', fixDays: 3 };
const FORENSICS: SsvcDecision = { label: '3 days, with forensics', fixDays: 3 };

/**
 * The first row that matches decides. The outcomes, and the rows of publicly exposed and automatable flaws, are those of CISA's BOD
 * 26-04; the other rows are ours and not verified against it.
 */
const TABLE: readonly (Partial<SsvcPoints> & { readonly decision: SsvcDecision })[] = [
  { isKnownExploited: true, isPubliclyExposed: true, technicalImpact: 'total', decision: FORENSICS },
  { isKnownExploited: true, isPubliclyExposed: true, decision: THREE },
  { isKnownExploited: true, decision: FOURTEEN },
  { isPubliclyExposed: true, isAutomatable: true, technicalImpact: 'total', decision: THREE },
  { isPubliclyExposed: true, isAutomatable: true, decision: FOURTEEN },
  { isPubliclyExposed: true, technicalImpact: 'total', decision: FOURTEEN },
  { isPubliclyExposed: true, decision: SIXTY },
  { isAutomatable: true, technicalImpact: 'total', decision: SIXTY },
  { decision: UPGRADE },
];

export function decideSsvc(points: SsvcPoints): SsvcDecision {
  const keys = ['isPubliclyExposed', 'isKnownExploited', 'isAutomatable', 'technicalImpact'] as const;
  const row = TABLE.find((each) => keys.every((key) => each[key] === undefined || each[key] === points[key]));
  return row?.decision ?? UPGRADE;
}
