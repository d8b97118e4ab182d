import type { Sighting } from '@leakproof/core';

/** One field of an object of a response. */
export interface SeenField {
  /** Index into the fields of the sighting. */
  readonly index: number;
  readonly field: string;
  /** JSON pointer of its value, `*` for every array element and every key of a map. */
  readonly pointer: string;
  /** Its value, as `comparableValues`. Personal data: kept in memory only, never in an event, a report or a proof. */
  readonly values: readonly string[];
  /** It contains objects with owners and fields of their own, which are judged instead of it. */
  readonly isContainer: boolean;
  /** Two people are unlikely to share its value by chance. */
  readonly isDistinctive: boolean;
}

/** One object of a response. */
export interface SeenObject {
  readonly sighting: Sighting;
  readonly pointer: string;
  /** Keys of its owners (`ownerKey`), without those it is only about. */
  readonly owners: readonly string[];
  readonly objectId: string | undefined;
  readonly fields: readonly SeenField[];
  /** The object that contains it, and the index of the field there. */
  readonly within: { readonly object: SeenObject; readonly field: number | undefined } | undefined;
}

/** A field of an object, by its index. */
export interface Place {
  readonly object: SeenObject;
  readonly field: number;
}

/** The innermost object with owners, or the root, that contains an object, and the field there. */
export function placeInOwned({ within }: SeenObject): Place | undefined {
  for (let at = within; at; at = at.object.within) {
    const isPlace = at.object.owners.length > 0 || at.object.pointer === '';
    if (isPlace) return at.field === undefined ? undefined : { object: at.object, field: at.field };
  }
  return undefined;
}
