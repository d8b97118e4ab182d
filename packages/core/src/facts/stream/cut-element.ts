import type { AccessFact } from '../fact.ts';
import type { SightedOwner } from '../sighting.ts';
import type { Output } from './output.ts';
import { BUBBLE, ENTER, type FieldSets, KEEP, OMIT, REPLACE, type Verdict } from './tables.ts';
import {
  AT,
  END,
  IS,
  IS_LIST,
  IS_MAP,
  IS_OBJECT,
  IS_REF,
  IS_WHOLE,
  KEY_AT,
  NEXT,
  NUMBER,
  ROW,
  type Sighted,
  type Tape,
} from './tape.ts';
import { NULL_LITERAL, setsOf } from './verdict.ts';

/** What a budget is asked about: an object with owners. */
export interface Admitted {
  readonly resource: string;
  readonly owners: readonly SightedOwner[];
}

/** Cuts judged elements: puts out what leaves, and says what was given of whom. Nested no deeper than the pass allows. */
export class Cutter {
  readonly #tape: Tape;
  readonly #output: Output;
  readonly #monitor: boolean;
  readonly #admits: ((object: Admitted) => boolean) | undefined;

  constructor(tape: Tape, output: Output, monitor: boolean, admits: ((object: Admitted) => boolean) | undefined) {
    this.#tape = tape;
    this.#output = output;
    this.#monitor = monitor;
    this.#admits = monitor ? undefined : admits;
  }

  /** Puts out what may leave of an entry; false if nothing may, and then nothing was put out that matters. */
  cut(entry: number): boolean {
    const tape = this.#tape;
    switch (tape.rows[entry + IS]) {
      case IS_WHOLE:
        this.#output.range(tape.rows[entry + AT] as number, tape.rows[entry + END] as number);
        return true;
      case IS_OBJECT:
        return this.#object(entry);
      case IS_LIST:
        return this.#list(entry);
      case IS_MAP:
        return this.#map(entry);
      case IS_REF:
        return this.#reference(entry);
      default:
        return false;
    }
  }

  /** The key an entry of a map stands under goes with the last object in it. */
  isLeft(entry: number): boolean {
    const tape = this.#tape;
    if (tape.rows[entry + IS] === IS_OBJECT)
      return (tape.sighted[tape.rows[entry + NUMBER] as number] as Sighted).isReleased;
    if (tape.rows[entry + IS] !== IS_LIST) return false;
    const end = tape.rows[entry + NEXT] as number;
    for (let item = entry + ROW; item < end; item = tape.rows[item + NEXT] as number)
      if (this.isLeft(item)) return true;
    return false;
  }

  #reference(entry: number): boolean {
    const tape = this.#tape;
    const sighted = tape.sighted[tape.rows[entry + NUMBER] as number] as Sighted;
    const verdict = sighted.verdict as Verdict;
    if (verdict.hidden || (verdict.fates[0] as number) > ENTER || !this.#isAdmitted(sighted)) return false;
    sighted.isReleased = true;
    this.#output.range(tape.rows[entry + AT] as number, tape.rows[entry + END] as number);
    return true;
  }

  #list(entry: number): boolean {
    const tape = this.#tape;
    const output = this.#output;
    const end = tape.rows[entry + NEXT] as number;
    const leavesNull = tape.rows[entry + NUMBER] === 1;
    let last = tape.rows[entry + AT] as number;
    let kept = 0;
    for (let item = entry + ROW; item < end; item = tape.rows[item + NEXT] as number) {
      const { mark, tail } = output;
      if (kept > 0 || item === entry + ROW) output.range(last, tape.rows[item + AT] as number);
      if (this.cut(item)) kept++;
      else if (leavesNull) {
        kept++;
        output.literal(NULL_LITERAL);
      } else if (item > entry + ROW) output.back(mark, tail);
      last = tape.rows[item + END] as number;
    }
    output.range(last, tape.rows[entry + END] as number);
    return true;
  }

  #map(entry: number): boolean {
    const tape = this.#tape;
    const output = this.#output;
    const end = tape.rows[entry + NEXT] as number;
    const isKeyed = tape.rows[entry + NUMBER] === 1;
    let last = tape.rows[entry + AT] as number;
    let kept = 0;
    for (let item = entry + ROW; item < end; item = tape.rows[item + NEXT] as number) {
      const start = tape.rows[item + KEY_AT] as number;
      if (item === entry + ROW) output.range(last, start);
      const { mark, tail } = output;
      if (kept > 0) output.range(last, start);
      output.range(start, tape.rows[item + AT] as number);
      if (this.cut(item) && (!isKeyed || this.isLeft(item))) kept++;
      else output.back(mark, tail);
      last = tape.rows[item + END] as number;
    }
    output.range(last, tape.rows[entry + END] as number);
    return true;
  }

  #object(entry: number): boolean {
    const tape = this.#tape;
    const sighted = tape.sighted[tape.rows[entry + NUMBER] as number] as Sighted;
    const verdict = sighted.verdict as Verdict;
    if (verdict.hidden || !this.#isAdmitted(sighted)) return false;
    sighted.isReleased = true;
    if (verdict.whole) {
      this.#output.range(tape.rows[entry + AT] as number, tape.rows[entry + END] as number);
      return true;
    }
    const { runs, fates } = verdict;
    if (runs && tape.rows[entry + NEXT] === entry + ROW * (fates.length + 1)) {
      this.#runs(entry, runs);
      return true;
    }
    const { mark, tail } = this.#output;
    if (this.#members(entry, sighted, verdict)) return true;
    this.#output.back(mark, tail);
    this.#withhold(entry);
    return false;
  }

  /** Puts out rows of members that are kept; the rows of the tape stand one behind the other. */
  #runs(entry: number, runs: readonly number[]): void {
    const { rows } = this.#tape;
    const output = this.#output;
    const first = entry + ROW;
    const last = (rows[entry + NEXT] as number) - ROW;
    let isFirst = runs[0] !== 0;
    if (isFirst) output.range(rows[entry + AT] as number, rows[first] as number);
    for (let run = 0; run < runs.length; run += 2) {
      const from = first + ROW * (runs[run] as number);
      const start = run === 0 ? (isFirst ? rows[from] : rows[entry + AT]) : rows[from - ROW + END];
      output.range(start as number, rows[first + ROW * (runs[run + 1] as number) + END] as number);
      isFirst = false;
    }
    output.range(rows[last + END] as number, rows[entry + END] as number);
  }

  /** False if a member goes that the schema forbids to leave out. */
  #members(entry: number, sighted: Sighted, verdict: Verdict): boolean {
    const tape = this.#tape;
    const output = this.#output;
    const { fates, literals } = verdict;
    const end = tape.rows[entry + NEXT] as number;
    let last = tape.rows[entry + AT] as number;
    let kept = 0;
    let index = 0;
    for (let member = entry + ROW; member < end; member = tape.rows[member + NEXT] as number, index++) {
      const start = tape.rows[member + KEY_AT] as number;
      if (index === 0) output.range(last, start);
      let fate = fates[index] as number;
      const { mark, tail } = output;
      if (fate === ENTER) {
        if (kept > 0) output.range(last, start);
        output.range(start, tape.rows[member + AT] as number);
        if (!this.cut(member)) {
          output.back(mark, tail);
          (sighted.lost ??= new Set()).add(index);
          fate = verdict.elseFates[index] as number;
        }
      } else if (fate === KEEP) {
        if (kept > 0) output.range(last, start);
        output.range(start, tape.rows[member + END] as number);
      }
      if (fate === BUBBLE) return false;
      if (fate === REPLACE) {
        if (kept > 0) output.range(last, start);
        output.range(start, tape.rows[member + AT] as number);
        output.literal(literals[index] ?? NULL_LITERAL);
      }
      if (fate !== OMIT) kept++;
      last = tape.rows[member + END] as number;
    }
    output.range(last, tape.rows[entry + END] as number);
    return true;
  }

  /** Takes an object back with all that stands in it. */
  #withhold(entry: number): void {
    const tape = this.#tape;
    const end = tape.rows[entry + NEXT] as number;
    for (let number = tape.rows[entry + NUMBER] as number; number < tape.sightedCount; number++) {
      const sighted = tape.sighted[number] as Sighted;
      if (sighted.entry >= end) return;
      sighted.isReleased = false;
      sighted.lost = undefined;
    }
  }

  #isAdmitted({ owners, layout }: Sighted): boolean {
    if (!this.#admits || !owners || owners.length === 0) return true;
    return this.#admits({ resource: layout.plan.resource?.name ?? '', owners });
  }

  /** One fact for each owner of each object sighted between two numbers, in document order. */
  facts(from: number, to: number, facts: AccessFact[]): void {
    for (let number = from; number < to; number++) {
      const sighted = this.#tape.sighted[number] as Sighted;
      const { owners, verdict } = sighted;
      if (!owners || owners.length === 0 || !verdict) continue;
      const { good, rest } = setsFor(sighted, verdict);
      const resource = sighted.layout.plan.resource?.name ?? '';
      for (const { owner, role, about } of owners) {
        facts.push({
          owner,
          role,
          about,
          resource,
          relations: verdict.relations,
          states: verdict.states,
          seen: good,
          exposed: this.#monitor ? rest : NONE,
          withheld: this.#monitor ? NONE : rest,
        });
      }
    }
  }
}

const NONE: readonly string[] = [];

function setsFor({ isReleased, lost }: Sighted, verdict: Verdict): FieldSets {
  if (!isReleased) return verdict.dropped;
  if (!lost) return verdict.released;
  return setsOf(verdict, (member) => (verdict.fates[member] as number) <= ENTER && !lost.has(member));
}
