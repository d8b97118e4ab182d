import type { WasmReader } from './wasm-reader.ts';
import { emptyLayout, memberIndexOf } from '../layout/layout.ts';
import { contradictsKey, stringAt } from './scalar-bytes.ts';
import { CHOICE, type Layout, OBJECT, type ObjectPlan, type Plan } from '../layout/tables.ts';
import type { SightedObject } from './sighted-object.ts';
import { END, KEY_START, NEXT, ROW_WORDS, START, type Tape } from './tape.ts';
import type { Window } from './window.ts';

/** A document that is a container is read as one element up to this size; a longer one is released element by element. */
const MAX_WHOLE_BYTES = 32_768;

export interface ReadContext {
  readonly tape: Tape;
  readonly window: Window;
  readonly maxElementBytes: number;
}

/** Consecutive elements of a list, or the value of one entry of a map. */
export interface ElementSequence {
  readonly plan: Plan;
  /** The layout without keys of opaque objects. */
  readonly opaque: Layout;
  /** Open containers around them; 0: the document. */
  readonly depth: number;
  /** The key of the innermost map entry that contains them. */
  readonly mapKey: string | undefined;
  /** The start of that key, if it is the key of the value itself; else -1. */
  readonly keyStart: number;
}

/** One type of object that an element may be, and the discriminator value that selects it. */
interface Candidate {
  readonly object: ObjectPlan;
  readonly discriminator: string | undefined;
  readonly name: string;
}

const candidates = new WeakMap<Plan, readonly Candidate[]>();

/** Reads whole elements that match a known layout, and copies what the WebAssembly reader found to the tape. */
export class KnownLayoutReader {
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #reader: WasmReader;
  readonly #maxWholeBytes: number;
  #candidates: readonly Candidate[] = [];
  /** The candidate that the last element was. */
  #likely = 0;
  /** The candidate that the reader's `begin` was called for; -1: none. */
  #begunWith = -1;
  #sequence: ElementSequence | undefined;

  constructor(reader: WasmReader, { tape, window, maxElementBytes }: ReadContext) {
    this.#reader = reader;
    this.#tape = tape;
    this.#window = window;
    this.#maxWholeBytes = Math.min(MAX_WHOLE_BYTES, maxElementBytes);
  }

  /** False if these elements cannot be read here. */
  begin(sequence: ElementSequence): boolean {
    const known = candidatesOf(sequence.plan);
    const [only] = known;
    if (!only) return false;
    if (sequence.depth === 0 && only.object.isContainer && this.#window.bytes.length > this.#maxWholeBytes)
      return false;
    if (known !== this.#candidates) this.#likely = 0;
    this.#candidates = known;
    this.#sequence = sequence;
    this.#begunWith = -1;
    return this.#beginWith(this.#likely) || known.length > 1;
  }

  /** Reads the element at the index `at` of the chunk. Returns its end, or 0 if `Scanner` has to read it. */
  read(at: number, limit: number): number {
    const end = this.#readAs(this.#likely, at, limit);
    if (end > 0) return end;
    for (let other = 0; other < this.#candidates.length; other++) {
      if (other === this.#likely) continue;
      const found = this.#readAs(other, at, limit);
      if (found === 0) continue;
      this.#likely = other;
      return found;
    }
    return 0;
  }

  #readAs(candidate: number, at: number, limit: number): number {
    return this.#begunWith === candidate || this.#beginWith(candidate) ? this.#readOne(candidate, at, limit) : 0;
  }

  #beginWith(candidate: number): boolean {
    const { object } = this.#candidates[candidate] as Candidate;
    const { opaque, depth } = this.#sequence as ElementSequence;
    const empty = emptyLayout(object);
    this.#begunWith = -1;
    if (empty.likely === undefined) return false;
    const { bytes, base } = this.#window;
    if (!this.#reader.begin({ empty, opaque, bytes, base, depth })) return false;
    this.#begunWith = candidate;
    return true;
  }

  #readOne(candidate: number, at: number, limit: number): number {
    const { mapKey, keyStart } = this.#sequence as ElementSequence;
    const tape = this.#tape;
    const reader = this.#reader;
    const { object, discriminator, name } = this.#candidates[candidate] as Candidate;
    const entry = tape.size;
    const first = tape.sightedCount;
    const end = reader.read(at, entry, first);
    if (end === 0 || end > limit) return 0;
    if (discriminator !== undefined && this.#stringOf(discriminator) !== name) return 0;
    const { mapField } = object;
    if (mapField !== undefined && mapKey !== undefined && this.#contradictsKey(mapField, mapKey)) return 0;
    const key = mapField === undefined ? undefined : mapKey;
    tape.addRows(reader.rows, reader.rowWords);
    if (keyStart >= 0) tape.rows[entry + KEY_START] = keyStart;
    const count = reader.sightedCount;
    for (let each = 0; each < count; each++) {
      const number = reader.parentOf(each);
      const parent = number < 0 ? undefined : (tape.sighted[first + number] as SightedObject);
      tape.addSightedAt(reader.entryOf(each), reader.layoutOf(each), each === 0 ? key : undefined, parent);
    }
    return end;
  }

  /** The string value of a member of the element just read; undefined if it is absent or no string. */
  #stringOf(key: string): string | undefined {
    const { rows } = this.#reader;
    const member = this.#memberOf(key);
    if (member < 0) return undefined;
    const from = rows[member + START] as number;
    const text = stringAt(this.#window, from, rows[member + END] as number);
    return this.#window.bytes[from - this.#window.base] === 0x22 ? text : undefined;
  }

  #contradictsKey(field: string, key: string): boolean {
    const { rows } = this.#reader;
    const member = this.#memberOf(field);
    if (member < 0) return false;
    return contradictsKey(this.#window, rows[member + START] as number, rows[member + END] as number, key);
  }

  /** The row of a member of the element just read; -1 if it is absent. */
  #memberOf(key: string): number {
    const { rows } = this.#reader;
    const index = memberIndexOf(this.#reader.layoutOf(0), key);
    if (index < 0) return -1;
    const shift = this.#tape.size;
    let member = ROW_WORDS;
    for (let step = 0; step < index; step++) member = (rows[member + NEXT] as number) - shift;
    return member;
  }
}

function candidatesOf(plan: Plan): readonly Candidate[] {
  let known = candidates.get(plan);
  if (!known) candidates.set(plan, (known = findCandidates(plan)));
  return known;
}

function findCandidates({ type, object, choice }: Plan): readonly Candidate[] {
  if (type === OBJECT && object) return [{ object, discriminator: undefined, name: '' }];
  if (type !== CHOICE || !choice) return [];
  return [...choice.cases].flatMap(([name, each]) =>
    each.type === OBJECT && each.object ? [{ object: each.object, discriminator: choice.discriminator, name }] : [],
  );
}
