import type { OwnerRef, SightedOwner } from '@leakproof/core';
import type { Layout, Verdict } from '../layout/tables.ts';

/** What stands at an entry. */
export const IS_WHOLE = 0;
export const IS_MISSHAPEN = 1;
export const IS_OBJECT = 2;
export const IS_LIST = 3;
export const IS_MAP = 4;
export const IS_REF = 5;

/** The columns of a row, and how many there are. */
/** Where the key of a member starts; of others the value. */
export const KEY_AT = 0;
export const AT = 1;
export const END = 2;
/** The entry behind all that stands in it. */
export const NEXT = 3;
export const IS = 4;
/** Of an object or reference: its number among the sighted. Of a list: 1 if what goes leaves null. Of a map: 1 if keyed. */
export const NUMBER = 5;
export const ROW = 6;

/** An object (or reference) of the element in hand: reused for the next one. */
export interface Sighted {
  entry: number;
  layout: Layout;
  /** The key a map lists it under. */
  mapKey: string | undefined;
  /** The object it stands in. */
  above: Sighted | undefined;
  /** Found when first needed; where there is but one it stands in `only`. */
  owners: readonly SightedOwner[] | undefined;
  readonly only: OnlyOwner;
  ownerUnknown: boolean;
  verdict: Verdict | undefined;
  /** It left, if only in part; else it was withheld with all that stands in it. */
  isReleased: boolean;
  /** What the budget said, once it was asked. */
  isAdmitted: boolean | undefined;
  /** By member, where not every field the verdict allows was left. */
  lost: Set<number> | undefined;
}

/** Room for one owner, used again with the object it belongs to: most objects have one. */
export interface OnlyOwner {
  readonly owner: { kind: string; space: string; id: string };
  readonly owners: readonly [{ readonly owner: OwnerRef; role: string | undefined; about: boolean }];
  readonly refs: readonly [OwnerRef];
}

const FIRST_ROWS = 128;

/**
 * Where everything of one element stands, in document order: rows of numbers. An entry (the index of its row) is a member of a
 * tracked object, an element of a tracked list, or the element itself; what stands in a container follows it, up to `NEXT`.
 */
export class Tape {
  rows: Int32Array = new Int32Array(FIRST_ROWS * ROW);
  size = 0;
  /** It holds one element, which the inner pass read: nothing in it is misshapen. */
  isForeseen = false;
  /** Its own rows, while it stands on others'. */
  #own: Int32Array | undefined;
  sighted: Sighted[] = [];
  sightedCount = 0;
  /** Most that were sighted at a time since the last `forget`. */
  #used = 0;

  clear(): void {
    if (this.#own) {
      this.rows = this.#own;
      this.#own = undefined;
    }
    this.isForeseen = false;
    this.size = 0;
    this.sightedCount = 0;
  }

  /** Adds rows that were written elsewhere; an empty tape stands on them as they are, until it is cleared or kept. */
  addRows(rows: Int32Array, size: number): void {
    if (this.size === 0) {
      this.#own ??= this.rows;
      this.rows = rows;
      this.size = size;
      this.isForeseen = true;
      return;
    }
    while (this.size + size > this.rows.length) this.grow();
    this.rows.set(rows.subarray(0, size), this.size);
    this.size += size;
  }

  /** Makes rows it stands on its own: somebody else will write to them. */
  keep(): void {
    const own = this.#own;
    if (!own) return;
    const { rows, size } = this;
    this.rows = own;
    this.#own = undefined;
    this.isForeseen = false;
    while (size > this.rows.length) this.grow();
    this.rows.set(rows.subarray(0, size));
  }

  /** Leaves nothing of what was sighted. */
  forget(): void {
    this.clear();
    for (let number = 0; number < this.#used; number++) {
      const sighted = this.sighted[number] as Sighted;
      sighted.mapKey = undefined;
      sighted.above = undefined;
      sighted.owners = undefined;
      sighted.only.owner.id = '';
      sighted.verdict = undefined;
      sighted.lost = undefined;
    }
    this.#used = 0;
  }

  /** Adds a value whose end is not known yet. */
  add(keyAt: number, at: number, type: number): number {
    const entry = this.size;
    if (entry + ROW > this.rows.length) this.grow();
    const { rows } = this;
    rows[entry] = keyAt;
    rows[entry + AT] = at;
    rows[entry + IS] = type;
    this.size = entry + ROW;
    return entry;
  }

  sight(entry: number, layout: Layout, mapKey: string | undefined, above: Sighted | undefined): Sighted {
    this.rows[entry + NUMBER] = this.sightedCount;
    return this.sightAt(entry, layout, mapKey, above);
  }

  /** The same, where the row says so already. */
  sightAt(entry: number, layout: Layout, mapKey: string | undefined, above: Sighted | undefined): Sighted {
    const number = this.sightedCount++;
    if (number >= this.#used) this.#used = number + 1;
    let sighted = this.sighted[number];
    if (!sighted) this.sighted[number] = sighted = makeSighted(layout);
    sighted.entry = entry;
    sighted.layout = layout;
    sighted.mapKey = mapKey;
    sighted.above = above;
    sighted.owners = undefined;
    sighted.ownerUnknown = false;
    sighted.verdict = undefined;
    sighted.isReleased = false;
    sighted.isAdmitted = undefined;
    sighted.lost = undefined;
    return sighted;
  }

  rebase(by: number): void {
    const { rows } = this;
    for (let entry = 0; entry < this.size; entry += ROW) {
      rows[entry] = (rows[entry] as number) - by;
      rows[entry + AT] = (rows[entry + AT] as number) - by;
      rows[entry + END] = (rows[entry + END] as number) - by;
    }
  }

  grow(): void {
    const grown = new Int32Array(this.rows.length * 2);
    grown.set(this.rows);
    this.rows = grown;
  }
}

/** Room for an object whose owners are not looked for yet. */
export function makeSighted(layout: Layout): Sighted {
  const owner = { kind: '', space: '', id: '' };
  return {
    entry: 0,
    layout,
    mapKey: undefined,
    above: undefined,
    owners: undefined,
    only: { owner, owners: [{ owner, role: undefined, about: false }], refs: [owner] },
    ownerUnknown: false,
    verdict: undefined,
    isReleased: false,
    isAdmitted: undefined,
    lost: undefined,
  };
}
