import type { Because, Protocol } from '@leakproof/core';

export type CellVerdict = 'proven' | 'likely' | 'inconclusive' | 'lost' | 'by-design' | 'enforced';

/** One field of one resource at one place of one operation's response. */
export interface FieldLocation {
  readonly server: string;
  readonly protocol: Protocol;
  readonly operation: string;
  /** JSON pointer of the field, `*` for every array element. */
  readonly at: string;
  readonly resource: string;
  readonly field: string;
}

/** One attempt of the ladder: whether one caller gets one field of one owner. Names are those of the identities file. */
export interface Cell extends FieldLocation {
  readonly attacker: string;
  readonly owner: string;
  /** Known relations of the attacker to the owner, sorted. */
  readonly relations: readonly string[];
  /** Known states of the owner, sorted. */
  readonly states: readonly string[];
  readonly verdict: CellVerdict;
  /** Why it is `likely`, `inconclusive` or `lost`. */
  readonly reason?: string | undefined;
  /** Allowed, but only received inside data of another owner that was not allowed. */
  readonly inPassing?: true | undefined;
  /** Of a forbidden field that was received: what the checks look at. */
  readonly breach?: Breach | undefined;
}

export interface Breach {
  readonly because: Because;
  /** The attacker is allowed another field of the object. */
  readonly objectAllowed: boolean;
  /** It would be allowed if no state of the owner held. */
  readonly byState: boolean;
  /** The request named the owner as its caller. */
  readonly assertsIdentity: boolean;
  readonly dataClass?: string | undefined;
}

export function cellKey(cell: FieldLocation & Pick<Cell, 'attacker' | 'owner'>): string {
  return JSON.stringify([
    cell.server,
    cell.protocol,
    cell.operation,
    cell.at,
    cell.resource,
    cell.field,
    cell.attacker,
    cell.owner,
  ]);
}

export function fieldLocationKey({ server, protocol, operation, at, resource, field }: FieldLocation): string {
  return JSON.stringify([server, protocol, operation, at, resource, field]);
}
