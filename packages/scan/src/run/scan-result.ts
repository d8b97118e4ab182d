import type { Finding } from '../findings/finding.ts';
import type { Cell } from '../ladder/cell.ts';
import type { Proof } from '../proof/proof.ts';
import type { NotTested } from '../plan/read-operations.ts';

export interface ScanResult {
  /** Said first: an operation, or an operation for some owners, and why. */
  readonly notTested: readonly NotTested[];
  readonly findings: readonly Finding[];
  /** Sorted. */
  readonly cells: readonly Cell[];
  /** What the identities file and the API tell differently; taken as not known. */
  readonly conflicts: readonly string[];
  /** Doors tried, and doors that hold nobody's data. */
  readonly endpoints: number;
  readonly nobodys: number;
  readonly requests: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  /** How each victim's own object is reached, by symbols: door key → identity → symbols. */
  readonly inputs: readonly ReachedBy[];
  /** Who tried which door, and why an answer of it proves nothing, where one does. Sorted. */
  readonly tried: readonly TriedEndpoint[];
  /** One for each proven finding. */
  readonly proofs: readonly Proof[];
}

export interface TriedEndpoint {
  readonly server: string;
  readonly protocol: string;
  readonly operation: string;
  readonly attacker: string;
  readonly doubt?: string | undefined;
}

/** The input by which one owner reaches its own object through one door. */
export interface ReachedBy {
  readonly server: string;
  readonly protocol: string;
  readonly operation: string;
  readonly owner: string;
  /** Slot → symbol of the value in it. */
  readonly input: Readonly<Record<string, string>>;
}

/** 0 clean, 1 findings, 3 neither proven nor clean, 130 interrupted (DESIGN part 8). */
export function exitOf({ cells, findings, endpoints, interrupted }: ScanResult): 0 | 1 | 3 | 130 {
  if (interrupted) return 130;
  if (findings.some(({ verdict }) => verdict === 'proven')) return 1;
  const unsure = cells.some(({ verdict }) => verdict === 'likely' || verdict === 'inconclusive' || verdict === 'lost');
  return unsure || cells.length === 0 || endpoints === 0 ? 3 : 0;
}
