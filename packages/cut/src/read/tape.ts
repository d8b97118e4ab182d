import type { Layout } from '../layout/tables.ts';
import { makeSightedObject, type SightedObject } from './sighted-object.ts';

/** Types of entries. `TYPE_WHOLE`: a value that is kept or withheld as a whole. */
export const TYPE_WHOLE = 0;
export const TYPE_MISSHAPEN = 1;
export const TYPE_OBJECT = 2;
export const TYPE_LIST = 3;
export const TYPE_MAP = 4;
export const TYPE_REF = 5;

// The columns of a row: window offsets, entries, and small numbers.
/** The start of a member's key; of other values, of the value. */
export const KEY_START = 0;
export const START = 1;
export const END = 2;
/** The next entry that is not within this one. */
export const NEXT = 3;
export const TYPE = 4;
/** Of an object or reference its index in `sighted`; of a list 1 if a withheld element becomes null; of a map 1 if `keyed`. */
export const DETAIL = 5;
export const ROW_WORDS = 6;

const FIRST_ROWS = 128;

/**
 * The values of one element, in document order, as rows of numbers. An entry (the index of its row) is the element itself, a member
 * of a tracked object or an element of a tracked list; the entries within a container follow it, up to its `NEXT`.
 */
export class Tape {
  rows: Int32Array = new Int32Array(FIRST_ROWS * ROW_WORDS);
  size = 0;
  /** It holds one element, read by the WebAssembly reader: nothing in it is misshapen. */
  isFromWasm = false;
  /** Its own rows, while `rows` is borrowed. */
  #ownRows: Int32Array | undefined;
  sighted: SightedObject[] = [];
  sightedCount = 0;
  /** The largest `sightedCount` since the last `reset`. */
  #used = 0;

  clear(): void {
    if (this.#ownRows) {
      this.rows = this.#ownRows;
      this.#ownRows = undefined;
    }
    this.isFromWasm = false;
    this.size = 0;
    this.sightedCount = 0;
  }

  /** Adds rows of the WebAssembly reader. An empty tape borrows them, until `clear` or `copyBorrowedRows`. */
  addRows(rows: Int32Array, size: number): void {
    if (this.size === 0) {
      this.#ownRows ??= this.rows;
      this.rows = rows;
      this.size = size;
      this.isFromWasm = true;
      return;
    }
    while (this.size + size > this.rows.length) this.grow();
    this.rows.set(rows.subarray(0, size), this.size);
    this.size += size;
  }

  /** Copies borrowed rows, before the WebAssembly reader overwrites them. */
  copyBorrowedRows(): void {
    const own = this.#ownRows;
    if (!own) return;
    const { rows, size } = this;
    this.rows = own;
    this.#ownRows = undefined;
    this.isFromWasm = false;
    while (size > this.rows.length) this.grow();
    this.rows.set(rows.subarray(0, size));
  }

  /** Clears the tape and drops all references to values of the body. */
  reset(): void {
    this.clear();
    for (let number = 0; number < this.#used; number++) {
      const sighted = this.sighted[number] as SightedObject;
      sighted.mapKey = undefined;
      sighted.parent = undefined;
      sighted.owners = undefined;
      sighted.singleOwner.owner.id = '';
      sighted.verdict = undefined;
      sighted.withheldMembers = undefined;
    }
    this.#used = 0;
  }

  /** Adds a value whose end is not known yet. */
  add(keyStart: number, start: number, type: number): number {
    const entry = this.size;
    if (entry + ROW_WORDS > this.rows.length) this.grow();
    const { rows } = this;
    rows[entry] = keyStart;
    rows[entry + START] = start;
    rows[entry + TYPE] = type;
    this.size = entry + ROW_WORDS;
    return entry;
  }

  // oxlint-disable-next-line max-params -- an object here would be one more for each object of a body
  addSighted(
    entry: number,
    layout: Layout,
    mapKey: string | undefined,
    parent: SightedObject | undefined,
  ): SightedObject {
    this.rows[entry + DETAIL] = this.sightedCount;
    return this.addSightedAt(entry, layout, mapKey, parent);
  }

  /** The same, where the row contains the index already. */
  // oxlint-disable-next-line max-params -- as above
  addSightedAt(
    entry: number,
    layout: Layout,
    mapKey: string | undefined,
    parent: SightedObject | undefined,
  ): SightedObject {
    const number = this.sightedCount++;
    if (number >= this.#used) this.#used = number + 1;
    let sighted = this.sighted[number];
    if (!sighted) this.sighted[number] = sighted = makeSightedObject(layout);
    sighted.entry = entry;
    sighted.layout = layout;
    sighted.mapKey = mapKey;
    sighted.parent = parent;
    sighted.owners = undefined;
    sighted.ownerUnknown = false;
    sighted.verdict = undefined;
    sighted.isReleased = false;
    sighted.isAdmitted = undefined;
    sighted.withheldMembers = undefined;
    return sighted;
  }

  /** The entry of the member `index` of the object at `entry`; -1 if the index is. */
  memberAt(entry: number, index: number): number {
    if (index < 0) return -1;
    const { rows } = this;
    let member = entry + ROW_WORDS;
    for (let step = 0; step < index; step++) member = rows[member + NEXT] as number;
    return member;
  }

  rebase(by: number): void {
    const { rows } = this;
    for (let entry = 0; entry < this.size; entry += ROW_WORDS) {
      rows[entry] = (rows[entry] as number) - by;
      rows[entry + START] = (rows[entry + START] as number) - by;
      rows[entry + END] = (rows[entry + END] as number) - by;
    }
  }

  grow(): void {
    const grown = new Int32Array(this.rows.length * 2);
    grown.set(this.rows);
    this.rows = grown;
  }
}
