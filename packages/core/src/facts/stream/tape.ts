import type { SightedOwner } from '../sighting.ts';
import type { Layout } from './layout.ts';
import type { Verdict } from './verdict.ts';

/** What stands at an entry. */
export const IS_WHOLE = 0;
export const IS_MISSHAPEN = 1;
export const IS_OBJECT = 2;
export const IS_LIST = 3;
export const IS_MAP = 4;
export const IS_REF = 5;

/** An object (or reference) of the element in hand: reused for the next one. */
export interface Sighted {
  entry: number;
  layout: Layout;
  /** The key a map lists it under. */
  mapKey: string | undefined;
  /** The object it stands in. */
  above: Sighted | undefined;
  owners: readonly SightedOwner[] | undefined;
  ownerUnknown: boolean;
  verdict: Verdict | undefined;
  /** It left, if only in part; else it was withheld with all that stands in it. */
  isReleased: boolean;
  /** By member, where not every field the verdict allows was left. */
  lost: Set<number> | undefined;
}

/**
 * Where everything of one element stands, in document order: numbers only. An entry is a member of a tracked object, an
 * element of a tracked list, or the element itself; what stands in a container follows it, up to `next`.
 */
export class Tape {
  size = 0;
  /** Where the key of a member starts; for others the value. */
  key = new Int32Array(256);
  at = new Int32Array(256);
  end = new Int32Array(256);
  is = new Uint8Array(256);
  /** The entry behind all that stands in it. */
  next = new Int32Array(256);
  /** Of an object or reference: its number among the sighted. Of a list: 1 if what goes leaves null. Of a map: 1 if keyed. */
  number = new Int32Array(256);
  sighted: Sighted[] = [];
  sightedCount = 0;

  clear(): void {
    this.size = 0;
    this.sightedCount = 0;
  }

  add(key: number, at: number, is: number): number {
    const entry = this.size;
    if (entry === this.key.length) this.#grow();
    this.key[entry] = key;
    this.at[entry] = at;
    this.is[entry] = is;
    this.size = entry + 1;
    return entry;
  }

  sight(entry: number, layout: Layout, mapKey: string | undefined, above: Sighted | undefined): Sighted {
    const number = this.sightedCount++;
    this.number[entry] = number;
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
    sighted.lost = undefined;
    return sighted;
  }

  rebase(by: number): void {
    for (let entry = 0; entry < this.size; entry++) {
      this.key[entry] = (this.key[entry] as number) - by;
      this.at[entry] = (this.at[entry] as number) - by;
      this.end[entry] = (this.end[entry] as number) - by;
    }
  }

  #grow(): void {
    const bigger = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(old.length * 2);
      grown.set(old);
      return grown;
    };
    this.key = bigger(this.key);
    this.at = bigger(this.at);
    this.end = bigger(this.end);
    this.next = bigger(this.next);
    this.number = bigger(this.number);
    const is = new Uint8Array(this.is.length * 2);
    is.set(this.is);
    this.is = is;
  }
}

function makeSighted(layout: Layout): Sighted {
  return {
    entry: 0,
    layout,
    mapKey: undefined,
    above: undefined,
    owners: undefined,
    ownerUnknown: false,
    verdict: undefined,
    isReleased: false,
    lost: undefined,
  };
}
