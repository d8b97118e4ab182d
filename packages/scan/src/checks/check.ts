import type { Breach } from '../ladder/cell.ts';

/** What a check looks at: a field that reached somebody it was not meant for. */
export interface Breached extends Breach {
  readonly isAnonymous: boolean;
  readonly isSelf: boolean;
}

/** One kind of finding. It describes itself: lists, reports and rules read nothing else. */
export interface Check {
  /** The name of its folder. */
  readonly id: string;
  readonly stage: 'stable' | 'new';
  /** How bad the mildest data class of it is. */
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** OWASP API Security Top 10 and CWE. */
  readonly references: readonly string[];
  readonly statement: string;
  readonly remediation: string;
  /** Whether the breach is of this kind; the first check of the registry that says so has it. */
  readonly covers: (breached: Breached) => boolean;
}
