import type { Because, Protocol } from '@leakproof/core';

export type CellVerdict = 'proven' | 'likely' | 'inconclusive' | 'lost' | 'by-design' | 'enforced';

/** Where a cell is: one field of one kind of object at one place of one operation. */
export interface FieldLocation {
  readonly server: string;
  readonly protocol: Protocol;
  readonly operation: string;
  /** JSON pointer of the field, `*` for every element. */
  readonly at: string;
  readonly resource: string;
  readonly field: string;
}

/** One try of the ladder: whether one caller gets one field of one owner. Names are those of the identities file. */
export interface Cell extends FieldLocation {
  readonly attacker: string;
  readonly owner: string;
  /** What the attacker is to the owner, as far as it is known, sorted. */
  readonly relations: readonly string[];
  /** What holds for the owner, as far as it is known, sorted. */
  readonly states: readonly string[];
  readonly verdict: CellVerdict;
  /** Why it is neither proven nor clean. */
  readonly reason?: string | undefined;
  /** Meant for the attacker, and received only with something of somebody else that was not. */
  readonly inPassing?: true | undefined;
  /** For what is forbidden: the contract's reason, and what the finding's check looks at. */
  readonly breach?: Breach | undefined;
}

export interface Breach {
  readonly because: Because;
  /** The attacker may see something else of the object. */
  readonly objectAllowed: boolean;
  /** It would be allowed if no state of the owner held. */
  readonly byState: boolean;
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

export function fieldLocationKey(place: FieldLocation): string {
  return JSON.stringify([place.server, place.protocol, place.operation, place.at, place.resource, place.field]);
}
