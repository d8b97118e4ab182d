import type { OwnerRef, SightedOwner } from '@leakproof/core';
import type { Layout } from '../layout/tables.ts';
import type { Verdict } from '../rule/decision-tree.ts';

/** An object (or reference) on the tape. Reused for the next element. */
export interface SightedObject {
  entry: number;
  layout: Layout;
  /** Its key in the map that contains it. */
  mapKey: string | undefined;
  /** The object that contains it. */
  parent: SightedObject | undefined;
  /** Found when first needed; a single owner is stored in `singleOwner`. */
  owners: readonly SightedOwner[] | undefined;
  readonly singleOwner: SingleOwner;
  ownerUnknown: boolean;
  verdict: Verdict | undefined;
  /** It is released, at least in part; else it is withheld with everything in it. */
  isReleased: boolean;
  /** What `admits` returned, once it was called; `ask`: it waits for the answer. */
  isAdmitted: boolean | 'ask' | undefined;
  /** Indexes of members that the verdict allows, but of which nothing is left. */
  withheldMembers: Set<number> | undefined;
}

/** Memory for one owner, reused with its object: most objects have exactly one. */
export interface SingleOwner {
  readonly owner: { kind: string; space: string; id: string };
  readonly owners: readonly [{ readonly owner: OwnerRef; role: string | undefined; about: boolean }];
  readonly refs: readonly [OwnerRef];
}

/** A new object whose owners are not known yet. */
export function makeSightedObject(layout: Layout): SightedObject {
  const owner = { kind: '', space: '', id: '' };
  return {
    entry: 0,
    layout,
    mapKey: undefined,
    parent: undefined,
    owners: undefined,
    singleOwner: { owner, owners: [{ owner, role: undefined, about: false }], refs: [owner] },
    ownerUnknown: false,
    verdict: undefined,
    isReleased: false,
    isAdmitted: undefined,
    withheldMembers: undefined,
  };
}
