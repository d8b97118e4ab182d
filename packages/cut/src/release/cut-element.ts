import type { FactGroup, OwnerRef } from '@leakproof/core';
import { GatheredFacts } from './gather-facts.ts';
import type { Output } from './output.ts';
import { BUBBLE, ENTER, type FieldSets, KEEP, OMIT, REPLACE, type Verdict } from '../layout/tables.ts';
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
} from '../read/tape.ts';
import { NULL_LITERAL, setsOf } from '../rule/verdict.ts';

/** Whether an object of these owners may leave. What it is given is used again when it has answered. */
export type Admits = (owners: readonly OwnerRef[], resource: string) => boolean;

/** Cuts judged elements: puts out what leaves, and says what was given of whom. Nested no deeper than the pass allows. */
export class Cutter {
  readonly #tape: Tape;
  readonly #output: Output;
  readonly #admits: Admits | undefined;
  readonly #gathered: GatheredFacts;

  constructor(tape: Tape, output: Output, monitor: boolean, admits: Admits | undefined) {
    this.#tape = tape;
    this.#output = output;
    this.#admits = monitor ? undefined : admits;
    this.#gathered = new GatheredFacts(monitor);
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

  /** Puts out an element of which everything may leave; false if it may not be so, and then nothing was put out. */
  whole(entry: number, from: number, to: number): boolean {
    const { rows, sighted } = this.#tape;
    for (let number = from; number < to; number++) {
      const each = sighted[number] as Sighted;
      if (!(each.verdict as Verdict).open || !this.#isAdmitted(each)) return false;
    }
    for (let number = from; number < to; number++) (sighted[number] as Sighted).isReleased = true;
    this.#output.range(rows[entry + AT] as number, rows[entry + END] as number);
    return true;
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
      this.#output.runs(tape.rows, entry, runs);
      return true;
    }
    const { mark, tail } = this.#output;
    if (this.#members(entry, sighted, verdict)) return true;
    this.#output.back(mark, tail);
    this.#withhold(entry);
    return false;
  }

  /** False if a member goes that the schema forbids to leave out. */
  #members(entry: number, sighted: Sighted, verdict: Verdict): boolean {
    const tape = this.#tape;
    const output = this.#output;
    const { rows } = tape;
    const { fates } = verdict;
    const end = rows[entry + NEXT] as number;
    let last = rows[entry + AT] as number;
    let kept = 0;
    let index = 0;
    // What is kept in one piece and has not been put out yet.
    let from = last;
    let until = (end > entry + ROW ? rows[entry + ROW] : last) as number;
    for (let member = entry + ROW; member < end; member = rows[member + NEXT] as number, index++) {
      const fate = fates[index] as number;
      if (fate === KEEP) {
        const start = kept > 0 ? last : (rows[member] as number);
        if (start !== until) {
          output.range(from, until);
          from = start;
        }
        until = rows[member + END] as number;
        kept++;
      } else if (fate !== OMIT) {
        output.range(from, until);
        const became = this.#enter(member, index, kept > 0 ? last : -1, sighted);
        if (became === BUBBLE) return false;
        from = until = became === OMIT ? until : (rows[member + END] as number);
        if (became !== OMIT) kept++;
      }
      last = rows[member + END] as number;
    }
    if (last !== until) {
      output.range(from, until);
      from = last;
    }
    output.range(from, rows[entry + END] as number);
    return true;
  }

  /**
   * Puts out a member that is not simply kept or left out, from the end of the last one (-1: there is none before it), or
   * what stands in for it. What became of it: KEEP, OMIT, or BUBBLE.
   */
  // oxlint-disable-next-line max-params
  #enter(member: number, index: number, last: number, sighted: Sighted): number {
    const { rows } = this.#tape;
    const output = this.#output;
    const { fates, elseFates, literals } = sighted.verdict as Verdict;
    const start = last < 0 ? (rows[member] as number) : last;
    let fate = fates[index] as number;
    if (fate === ENTER) {
      const { mark, tail } = output;
      output.range(start, rows[member + AT] as number);
      if (this.cut(member)) return KEEP;
      output.back(mark, tail);
      (sighted.lost ??= new Set()).add(index);
      fate = elseFates[index] as number;
    }
    if (fate !== REPLACE) return fate;
    output.range(start, rows[member + AT] as number);
    output.literal(literals[index] ?? NULL_LITERAL);
    return KEEP;
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

  #isAdmitted(sighted: Sighted): boolean {
    const { owners, only, layout } = sighted;
    if (!this.#admits || !owners || owners.length === 0) return true;
    const refs = owners === only.owners ? only.refs : owners.map((each) => each.owner);
    return (sighted.isAdmitted ??= this.#admits(refs, layout.plan.resource?.name ?? ''));
  }

  /** One fact for each owner of each object sighted between two numbers. */
  gather(from: number, to: number): void {
    for (let number = from; number < to; number++) {
      const sighted = this.#tape.sighted[number] as Sighted;
      const { owners, verdict } = sighted;
      if (!owners || owners.length === 0 || !verdict) continue;
      const sets = setsFor(sighted, verdict);
      const resource = sighted.layout.plan.resource?.name ?? '';
      for (const owner of owners) this.#gathered.add(verdict, sets, resource, owner);
    }
  }

  /** Facts of what has left, or will with the next chunks. */
  takeFacts(): readonly FactGroup[] {
    return this.#gathered.take();
  }
}

function setsFor({ isReleased, lost }: Sighted, verdict: Verdict): FieldSets {
  if (!isReleased) return verdict.dropped;
  if (!lost) return verdict.released;
  return setsOf(verdict, (member) => (verdict.fates[member] as number) <= ENTER && !lost.has(member));
}
