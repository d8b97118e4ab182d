import type { DataClass } from '../classify/data-class.ts';

/** Why a rule is as it is. */
export type Because =
  /** A person answered. */
  | 'answered'
  /** It is a hash of a password, or a credential. */
  | 'by-nature'
  /** A description says that it is never returned. */
  | 'documented'
  /** It is nobody's data, not personal, and callers were given it who asked for nothing of their own. */
  | 'given-to-everybody'
  /** The API refuses callers without a login. */
  | 'enforced'
  | 'undecided';

/** Who may see a field, as the draft has it. */
export interface Ruling {
  readonly see?: readonly string[];
  readonly narrow?: Readonly<Record<string, readonly string[]>>;
  readonly undecided?: string;
  readonly because: Because;
  readonly class?: DataClass | undefined;
}
