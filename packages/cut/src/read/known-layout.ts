import type { InnerPass } from './wasm-reader.ts';
import { emptyLayout, placeOfKey } from '../layout/layout.ts';
import { contradicts, stringAt } from './scalar-bytes.ts';
import { CHOICE, type Layout, OBJECT, type ObjectPlan, type Plan } from '../layout/tables.ts';
import { AT, END, KEY_AT, NEXT, ROW, type Sighted, type Tape } from './tape.ts';
import type { Window } from './window.ts';

/** A document that is nobody's is read in one go up to here: what is longer leaves element by element. */
const MAX_WHOLE_BYTES = 32_768;

export interface ForeseenParts {
  readonly tape: Tape;
  readonly window: Window;
  readonly maxElementBytes: number;
}

/** A run of elements of a list, or the value of one entry of a map. */
export interface Run {
  readonly plan: Plan;
  /** The layout without keys of objects nobody looks into. */
  readonly opaque: Layout;
  /** How many containers are open around them; 0: the document. */
  readonly depth: number;
  /** The key of a map that they stand under. */
  readonly under: string | undefined;
  /** Where that key starts, if it is the key of the value itself; else -1. */
  readonly keyAt: number;
}

/** What an element may be: one kind of object, and what has to stand in it to be that. */
interface Candidate {
  readonly object: ObjectPlan;
  readonly by: string | undefined;
  readonly name: string;
}

const candidates = new WeakMap<Plan, readonly Candidate[]>();

/** Reads elements in one go, if they are as foreseen, and writes what the inner pass found of them to the tape. */
export class Foreseen {
  readonly #tape: Tape;
  readonly #window: Window;
  readonly #pass: InnerPass;
  readonly #maxWholeBytes: number;
  #candidates: readonly Candidate[] = [];
  /** The candidate that the last element was, and the one the inner pass has begun with (-1: none). */
  #likely = 0;
  #begun = -1;
  #run: Run | undefined;

  constructor(pass: InnerPass, { tape, window, maxElementBytes }: ForeseenParts) {
    this.#pass = pass;
    this.#tape = tape;
    this.#window = window;
    // Read so, it is one element.
    this.#maxWholeBytes = Math.min(MAX_WHOLE_BYTES, maxElementBytes);
  }

  /** False if these elements cannot be read here. */
  begin(run: Run): boolean {
    const known = candidatesOf(run.plan);
    const [only] = known;
    if (!only) return false;
    if (run.depth === 0 && only.object.container && this.#window.bytes.length > this.#maxWholeBytes) return false;
    if (known !== this.#candidates) this.#likely = 0;
    this.#candidates = known;
    this.#run = run;
    this.#begun = -1;
    return this.#beginWith(this.#likely) || known.length > 1;
  }

  /** Reads the element at the index `at` of the chunk; the index behind it, or 0 if it has to be read step by step. */
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

  #readAs(number: number, at: number, limit: number): number {
    return this.#begun === number || this.#beginWith(number) ? this.#readOne(number, at, limit) : 0;
  }

  #beginWith(number: number): boolean {
    const { object } = this.#candidates[number] as Candidate;
    const { opaque, depth } = this.#run as Run;
    const empty = emptyLayout(object);
    this.#begun = -1;
    if (empty.likely === undefined) return false;
    const { bytes, base } = this.#window;
    if (!this.#pass.begin({ empty, opaque, bytes, base, depth })) return false;
    this.#begun = number;
    return true;
  }

  #readOne(number: number, at: number, limit: number): number {
    const { under, keyAt } = this.#run as Run;
    const tape = this.#tape;
    const pass = this.#pass;
    const { object, by, name } = this.#candidates[number] as Candidate;
    const entry = tape.size;
    const first = tape.sightedCount;
    const end = pass.read(at, entry, first);
    if (end === 0 || end > limit) return 0;
    if (by !== undefined && this.#decidedBy(by) !== name) return 0;
    const { mapField } = object;
    if (mapField !== undefined && under !== undefined && this.#contradicts(mapField, under)) return 0;
    const mapKey = mapField === undefined ? undefined : under;
    tape.addRows(pass.rows, pass.rowWords);
    if (keyAt >= 0) tape.rows[entry + KEY_AT] = keyAt;
    const count = pass.sightedCount;
    for (let each = 0; each < count; each++) {
      const above = pass.aboveOf(each);
      const over = above < 0 ? undefined : (tape.sighted[first + above] as Sighted);
      tape.sightAt(pass.entryOf(each), pass.layoutOf(each), each === 0 ? mapKey : undefined, over);
    }
    return end;
  }

  /** The string that says which of several the element is. */
  #decidedBy(by: string): string | undefined {
    const { rows } = this.#pass;
    const member = this.#memberOf(by);
    if (member < 0) return undefined;
    const from = rows[member + AT] as number;
    const text = stringAt(this.#window, from, rows[member + END] as number);
    return this.#window.bytes[from - this.#window.base] === 0x22 ? text : undefined;
  }

  /** The element says another id than the key it is listed under. */
  #contradicts(field: string, key: string): boolean {
    const { rows } = this.#pass;
    const member = this.#memberOf(field);
    if (member < 0) return false;
    return contradicts(this.#window, rows[member + AT] as number, rows[member + END] as number, key);
  }

  /** Where a member of the element just read stands in its rows; -1 if it is not there. */
  #memberOf(key: string): number {
    const { rows } = this.#pass;
    const place = placeOfKey(this.#pass.layoutOf(0), key);
    if (place < 0) return -1;
    const shift = this.#tape.size;
    let member = ROW;
    for (let step = 0; step < place; step++) member = (rows[member + NEXT] as number) - shift;
    return member;
  }
}

function candidatesOf(plan: Plan): readonly Candidate[] {
  let known = candidates.get(plan);
  if (!known) candidates.set(plan, (known = findCandidates(plan)));
  return known;
}

function findCandidates({ kind, object, choice }: Plan): readonly Candidate[] {
  if (kind === OBJECT && object) return [{ object, by: undefined, name: '' }];
  if (kind !== CHOICE || !choice) return [];
  return [...choice.cases].flatMap(([name, { kind: of, object: one }]) =>
    of === OBJECT && one ? [{ object: one, by: choice.by, name }] : [],
  );
}
