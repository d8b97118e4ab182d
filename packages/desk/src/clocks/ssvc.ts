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
const FORENSICS: SsvcDecision = { label: '3 days, with a forensic investigation', fixDays: 3 };

type Row = Partial<SsvcPoints> & { readonly decision: SsvcDecision };

/** CISA's BOD 26-04, Table 1, as CERT/CC's SSVC has it (`cisa_bod_26_04` 1.0.0): the first row that matches decides. */
const TABLE: readonly Row[] = [
  { technicalImpact: 'total', isKnownExploited: true, isPubliclyExposed: true, decision: FORENSICS },
  { technicalImpact: 'total', isKnownExploited: true, isAutomatable: true, decision: FORENSICS },
  { technicalImpact: 'total', isPubliclyExposed: true, isAutomatable: true, decision: THREE },
  { technicalImpact: 'partial', isKnownExploited: true, isPubliclyExposed: true, isAutomatable: true, decision: THREE },
  { isKnownExploited: true, decision: FOURTEEN },
  { isPubliclyExposed: true, isAutomatable: true, decision: FOURTEEN },
  { technicalImpact: 'total', isPubliclyExposed: true, decision: FOURTEEN },
  { isPubliclyExposed: true, decision: SIXTY },
  { isAutomatable: true, decision: SIXTY },
  { decision: UPGRADE },
];

export function decideSsvc(points: SsvcPoints): SsvcDecision {
  const keys = ['isPubliclyExposed', 'isKnownExploited', 'isAutomatable', 'technicalImpact'] as const;
  const row = TABLE.find((each) => keys.every((key) => each[key] === undefined || each[key] === points[key]));
  return row?.decision ?? UPGRADE;
}
