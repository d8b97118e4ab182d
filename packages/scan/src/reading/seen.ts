import type { Sighting } from '@leakproof/core';

/** One field of one object as it stood in an answer. */
export interface SeenField {
  /** Index into the fields of the sighting. */
  readonly index: number;
  readonly field: string;
  /** JSON pointer of its value, `*` for every element and every key of a map. */
  readonly at: string;
  /** What it says; nothing where it says nothing. Personal values: in memory only, never in an event, a report or a proof. */
  readonly texts: readonly string[];
  /** Its parts are objects with owners and fields of their own: they are judged instead of it. */
  readonly isContainer: boolean;
  /** Its value could not stand in two people's objects by chance. */
  readonly isTelling: boolean;
}

/** One object in an answer, with what it stands in. */
export interface SeenObject {
  readonly sighting: Sighting;
  readonly at: string;
  /** Keys of its owners (`ownerKey`), those it is only about left out. */
  readonly owners: readonly string[];
  readonly objectId: string | undefined;
  readonly fields: readonly SeenField[];
  readonly within: { readonly seen: SeenObject; readonly field: number | undefined } | undefined;
}
