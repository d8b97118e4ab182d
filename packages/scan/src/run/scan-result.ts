import type { Finding } from '../findings/finding.ts';
import type { SymbolicInput } from '../harvest/own-input.ts';
import type { Cell } from '../ladder/cell.ts';
import type { NotTested } from '../plan/read-operation.ts';
import type { Proof } from '../proof/proof.ts';

export interface ScanResult {
  /** Operations, or operations for some owners, that are not tested, and why. Reports list them first. */
  readonly notTested: readonly NotTested[];
  /** Operations of the description `api.openapi` that are in no operation of the contract, such as `GET /users/{id}`. Not tested. */
  readonly undeclaredInDocument: readonly string[];
  readonly findings: readonly Finding[];
  /** Sorted. */
  readonly cells: readonly Cell[];
  /** Relations and states on which the identities file and the API disagree; they are unknown. */
  readonly conflicts: readonly string[];
  /** Number of operations tried, per server. */
  readonly endpoints: number;
  /** Number of operations, per server, whose responses contain no data with an owner. */
  readonly nobodys: number;
  readonly requests: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  /** How every owner's own object is requested. */
  readonly inputs: readonly SymbolicInput[];
  /** The operations each caller tried, sorted. */
  readonly tried: readonly TriedEndpoint[];
  /** One for each proven finding. */
  readonly proofs: readonly Proof[];
}

export interface TriedEndpoint {
  readonly server: string;
  readonly protocol: string;
  readonly operation: string;
  readonly attacker: string;
  /** Why the absence of data in its responses proves nothing. */
  readonly doubt?: string | undefined;
}
