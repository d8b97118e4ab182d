import type { Claim } from './claim.ts';
import { LocalityMap } from './locality-map.ts';

/**
 * Values by claim, in bounded memory: about `max` entries in two generations, of which the newer is never dropped. No
 * string is built for a claim; a claim that differs from the last one only in its owner takes one step.
 */
export class ClaimMap<V extends {}> {
  readonly #half: number;
  #recent = new Shelves<V>();
  #older = new Shelves<V>();

  constructor(max: number) {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  get(claim: Claim): V | undefined {
    return this.#recent.get(claim) ?? this.#older.get(claim);
  }

  set(claim: Claim, value: V): void {
    if (this.#recent.size >= this.#half) this.turn();
    this.#recent.set(claim, value);
  }

  /** Drops everything but the entries set since the last call (by a caller, or because the map was full). */
  turn(): void {
    this.#older = this.#recent;
    this.#recent = new Shelves();
  }

  /** An upper bound: an entry set again may count twice. */
  get size(): number {
    return this.#recent.size + this.#older.size;
  }

  /** Entries set since the last rotation. */
  get recent(): number {
    return this.#recent.size;
  }
}

/** The common part of claims that differ only in the owner's id. */
interface Shelf<V extends {}> {
  readonly type: Claim['type'];
  readonly name: string;
  /** The principal without its claims, where there is one. */
  readonly by: { readonly id: string; readonly kind: string; readonly space: string } | undefined;
  readonly kind: string;
  readonly space: string;
  readonly byOwner: LocalityMap<V>;
}

class Shelves<V extends {}> {
  size = 0;
  /** By the principal's id; each has few buckets, because names, kinds and spaces come from the contract. */
  readonly #shelves = new Map<string, Shelf<V>[]>();
  #last: Shelf<V> | undefined;

  get(claim: Claim): V | undefined {
    return this.size === 0 ? undefined : this.#find(claim)?.byOwner.get(claim.owner.id);
  }

  set(claim: Claim, value: V): void {
    const { byOwner } = this.#find(claim) ?? this.#add(claim);
    const before = byOwner.size;
    byOwner.set(claim.owner.id, value);
    this.size += byOwner.size - before;
  }

  #find(claim: Claim): Shelf<V> | undefined {
    if (this.#last && holds(this.#last, claim)) return this.#last;
    const found = this.#shelves.get(idOf(claim))?.find((shelf) => holds(shelf, claim));
    if (found) this.#last = found;
    return found;
  }

  #add(claim: Claim): Shelf<V> {
    const { kind, space } = claim.owner;
    const shelf = {
      type: claim.type,
      name: nameOf(claim),
      by: byOf(claim),
      kind,
      space,
      byOwner: new LocalityMap<V>(),
    };
    const beside = this.#shelves.get(idOf(claim));
    if (beside) beside.push(shelf);
    else this.#shelves.set(idOf(claim), [shelf]);
    return (this.#last = shelf);
  }
}

function holds(shelf: Shelf<{}>, claim: Claim): boolean {
  const { owner } = claim;
  if (shelf.type !== claim.type || shelf.name !== nameOf(claim)) return false;
  if (shelf.kind !== owner.kind || shelf.space !== owner.space) return false;
  if (claim.type === 'state') return true;
  const { by } = shelf;
  const { principal } = claim;
  return by?.id === principal.id && by.kind === principal.kind && by.space === principal.space;
}

function byOf(claim: Claim): Shelf<{}>['by'] {
  if (claim.type === 'state') return undefined;
  const { id, kind, space } = claim.principal;
  return { id, kind, space };
}

function nameOf(claim: Claim): string {
  return claim.type === 'state' ? claim.state : claim.relation;
}

function idOf(claim: Claim): string {
  return claim.type === 'state' ? '' : claim.principal.id;
}
