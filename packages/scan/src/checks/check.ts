import type { Breach } from '../ladder/cell.ts';

/** A field that a caller received and was not allowed. */
export interface ObservedBreach extends Breach {
  readonly isAnonymous: boolean;
  readonly isSelf: boolean;
}

/** One kind of finding. Lists, reports and rules use only what this object says. */
export interface Check {
  /** The name of its folder. */
  readonly id: string;
  readonly stage: 'stable' | 'new';
  /** Of a finding with the mildest data class. */
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** OWASP API Security Top 10 and CWE. */
  readonly references: readonly string[];
  readonly statement: string;
  readonly remediation: string;
  /** Whether the breach is of this kind. The first check of the registry that covers a breach reports it. */
  readonly covers: (breach: ObservedBreach) => boolean;
}
