import type { ErrorCode, FactGroup, OwnerRef } from '@leakproof/core';
import { GatheredFacts } from './gathered-facts.ts';
import type { Output } from './output.ts';
import {
  DESCEND,
  type FieldSets,
  KEEP,
  type MemberAction,
  OMIT,
  PROPAGATE_NULL,
  REPLACE,
  type Verdict,
} from '../rule/decision-tree.ts';
import type { SightedObject } from '../read/sighted-object.ts';
import {
  DETAIL,
  END,
  KEY_START,
  NEXT,
  ROW_WORDS,
  START,
  type Tape,
  TYPE,
  TYPE_LIST,
  TYPE_MAP,
  TYPE_OBJECT,
  TYPE_REF,
  TYPE_WHOLE,
} from '../read/tape.ts';
import { fieldSetsOf, NULL_LITERAL } from '../rule/member-actions.ts';

/** Whether an object of these owners may be released, or that this has to be asked. `owners` is reused after the call. */
export type Admits = (owners: readonly OwnerRef[], resource: string) => boolean | 'ask';

/** Cuts judged elements: puts out the ranges that are kept and gathers the facts. Recursion is as deep as the nesting of the body. */
export class ElementCutter {
  readonly #tape: Tape;
  readonly #output: Output;
  readonly #admits: Admits | undefined;
  readonly #gathered: GatheredFacts;
  /** Something that was put out depends on an admission that is not answered: it has to be rolled back. */
  isWaiting = false;
  /** `admits` has left something to be asked. */
  mayAsk = false;
  /** Objects whose admission is to be asked, or is being asked, with their owners. */
  #asked: { readonly object: SightedObject; readonly owners: readonly OwnerRef[] }[] = [];
  #isAsking = false;
  readonly #monitor: boolean;
  /** A value of another shape was met that is no field of an object, or an object whose owner is not known. */
  #hasMisshapen = false;
  #hasUnknownOwner = false;

  constructor(
    tape: Tape,
    output: Output,
    { monitor, admits }: { readonly monitor: boolean; readonly admits: Admits | undefined },
  ) {
    this.#tape = tape;
    this.#output = output;
    this.#admits = monitor ? undefined : admits;
    this.#monitor = monitor;
    this.#gathered = new GatheredFacts(monitor);
  }

  /** Puts out what is kept of an entry. False if nothing is: the caller rolls the output back. */
  cut(entry: number): boolean {
    const tape = this.#tape;
    switch (tape.rows[entry + TYPE]) {
      case TYPE_WHOLE:
        this.#output.range(tape.rows[entry + START] as number, tape.rows[entry + END] as number);
        return true;
      case TYPE_OBJECT:
        return this.#object(entry);
      case TYPE_LIST:
        return this.#list(entry);
      case TYPE_MAP:
        return this.#map(entry);
      case TYPE_REF:
        return this.#reference(entry);
      default:
        this.#hasMisshapen = true;
        return false;
    }
  }

  /** Puts out an element if all of it may be released. Else returns false, and nothing was put out. */
  keepWhole(entry: number, from: number, to: number): boolean {
    const { rows, sighted } = this.#tape;
    for (let number = from; number < to; number++) {
      const each = sighted[number] as SightedObject;
      if (!(each.verdict as Verdict).isOpen || !this.#isAdmitted(each)) return false;
    }
    for (let number = from; number < to; number++) (sighted[number] as SightedObject).isReleased = true;
    this.#output.range(rows[entry + START] as number, rows[entry + END] as number);
    return true;
  }

  /** Whether an entry of a keyed map has an object that is released; else its key, an id, is withheld too. */
  releasesObject(entry: number): boolean {
    const tape = this.#tape;
    if (tape.rows[entry + TYPE] === TYPE_OBJECT)
      return (tape.sighted[tape.rows[entry + DETAIL] as number] as SightedObject).isReleased;
    if (tape.rows[entry + TYPE] !== TYPE_LIST) return false;
    const end = tape.rows[entry + NEXT] as number;
    for (let item = entry + ROW_WORDS; item < end; item = tape.rows[item + NEXT] as number)
      if (this.releasesObject(item)) return true;
    return false;
  }

  #reference(entry: number): boolean {
    const tape = this.#tape;
    const object = tape.sighted[tape.rows[entry + DETAIL] as number] as SightedObject;
    const verdict = object.verdict as Verdict;
    if (verdict.isHidden || (verdict.actions[0] as number) > DESCEND || !this.#isAdmitted(object)) return false;
    object.isReleased = true;
    this.#output.range(tape.rows[entry + START] as number, tape.rows[entry + END] as number);
    return true;
  }

  #list(entry: number): boolean {
    const { rows } = this.#tape;
    const output = this.#output;
    const end = rows[entry + NEXT] as number;
    const nullIfWithheld = rows[entry + DETAIL] === 1;
    const open = rows[entry + START] as number;
    let last = open;
    let kept = 0;
    for (let item = entry + ROW_WORDS; item < end; item = rows[item + NEXT] as number) {
      const { mark, tail } = output;
      this.#lead(entry, last, kept, rows[item + START] as number);
      if (this.cut(item)) kept++;
      else if (nullIfWithheld) {
        kept++;
        output.literal(NULL_LITERAL);
      } else output.rollback(mark, tail);
      last = rows[item + END] as number;
    }
    this.#close(open, last, kept, rows[entry + END] as number);
    return true;
  }

  #map(entry: number): boolean {
    const { rows } = this.#tape;
    const output = this.#output;
    const end = rows[entry + NEXT] as number;
    const isKeyed = rows[entry + DETAIL] === 1;
    const open = rows[entry + START] as number;
    let last = open;
    let kept = 0;
    for (let item = entry + ROW_WORDS; item < end; item = rows[item + NEXT] as number) {
      const { mark, tail } = output;
      this.#lead(entry, last, kept, rows[item + KEY_START] as number);
      output.range(rows[item + KEY_START] as number, rows[item + START] as number);
      if (this.cut(item) && (!isKeyed || this.releasesObject(item))) kept++;
      else output.rollback(mark, tail);
      last = rows[item + END] as number;
    }
    this.#close(open, last, kept, rows[entry + END] as number);
    return true;
  }

  /**
   * Puts out what is before an element: the separator, or, before the first that is kept, the opening delimiter and the white space
   * before the first element of the body. `last`: the end of the element before it, or the start of the container.
   */
  // oxlint-disable-next-line max-params -- an object here would be one more for each element
  #lead(entry: number, last: number, kept: number, start: number): void {
    const { rows } = this.#tape;
    const open = rows[entry + START] as number;
    if (kept > 0 || last === open) this.#output.range(last, start);
    else this.#output.range(open, rows[entry + ROW_WORDS + KEY_START] as number);
  }

  // oxlint-disable-next-line max-params -- as in `#lead`
  #close(open: number, last: number, kept: number, end: number): void {
    if (kept === 0 && last !== open) this.#output.emptied(open, end);
    else this.#output.range(last, end);
  }

  #object(entry: number): boolean {
    const tape = this.#tape;
    const object = tape.sighted[tape.rows[entry + DETAIL] as number] as SightedObject;
    const verdict = object.verdict as Verdict;
    if (verdict.isHidden || !this.#isAdmitted(object)) return false;
    object.isReleased = true;
    if (verdict.isWhole) {
      this.#output.range(tape.rows[entry + START] as number, tape.rows[entry + END] as number);
      return true;
    }
    const { keptRuns, actions } = verdict;
    if (keptRuns && tape.rows[entry + NEXT] === entry + ROW_WORDS * (actions.length + 1)) {
      this.#output.memberRuns(tape.rows, entry, keptRuns);
      return true;
    }
    const { mark, tail } = this.#output;
    if (this.#members(entry, object, verdict)) return true;
    this.#output.rollback(mark, tail);
    this.#withhold(entry);
    return false;
  }

  /** Puts out an object member by member. False if a withheld member makes the object null. */
  #members(entry: number, object: SightedObject, verdict: Verdict): boolean {
    const tape = this.#tape;
    const output = this.#output;
    const { rows } = tape;
    const { actions } = verdict;
    const end = rows[entry + NEXT] as number;
    const open = rows[entry + START] as number;
    let last = open;
    let kept = 0;
    let index = 0;
    // The range that is kept and was not put out yet.
    let from = open;
    let until = open;
    for (let member = entry + ROW_WORDS; member < end; member = rows[member + NEXT] as number, index++) {
      const action = actions[index] as number;
      if (action === KEEP) {
        if (kept === 0) {
          this.#lead(entry, last, 0, rows[member] as number);
          from = rows[member] as number;
        } else if (last !== until) {
          output.range(from, until);
          from = last;
        }
        until = rows[member + END] as number;
        kept++;
      } else if (action !== OMIT) {
        output.range(from, until);
        from = until;
        const { mark, tail } = output;
        this.#lead(entry, last, kept, rows[member] as number);
        const became = this.#descend(member, index, object);
        if (became === PROPAGATE_NULL) return false;
        if (became === OMIT) output.rollback(mark, tail);
        else {
          from = until = rows[member + END] as number;
          kept++;
        }
      }
      last = rows[member + END] as number;
    }
    output.range(from, until);
    this.#close(open, last, kept, rows[entry + END] as number);
    return true;
  }

  /** Puts out a member that is not simply kept or omitted, or its replacement. Returns KEEP, OMIT or PROPAGATE_NULL. */
  #descend(member: number, index: number, object: SightedObject): MemberAction {
    const { rows } = this.#tape;
    const output = this.#output;
    const { actions, fallbacks, literals } = object.verdict as Verdict;
    const start = rows[member] as number;
    let action = actions[index] as MemberAction;
    if (action === DESCEND) {
      const { mark, tail } = output;
      output.range(start, rows[member + START] as number);
      if (this.cut(member)) return KEEP;
      output.rollback(mark, tail);
      (object.withheldMembers ??= new Set()).add(index);
      action = fallbacks[index] as MemberAction;
    }
    if (action !== REPLACE) return action;
    output.range(start, rows[member + START] as number);
    output.literal(literals[index] ?? NULL_LITERAL);
    return KEEP;
  }

  /** Marks an object and all objects within it as withheld. */
  #withhold(entry: number): void {
    const tape = this.#tape;
    const end = tape.rows[entry + NEXT] as number;
    for (let number = tape.rows[entry + DETAIL] as number; number < tape.sightedCount; number++) {
      const object = tape.sighted[number] as SightedObject;
      if (object.entry >= end) return;
      object.isReleased = false;
      object.withheldMembers = undefined;
    }
  }

  #isAdmitted(object: SightedObject): boolean {
    const { owners, singleOwner, layout } = object;
    if (!this.#admits || !owners || owners.length === 0) return true;
    if (object.isAdmitted === undefined) {
      const refs = owners === singleOwner.owners ? singleOwner.refs : owners.map((each) => each.owner);
      object.isAdmitted = this.#admits(refs, layout.plan.resource?.name ?? '');
      if (object.isAdmitted === 'ask') this.#asked.push({ object, owners: refs.map((each) => ({ ...each })) });
    }
    if (object.isAdmitted !== 'ask') return object.isAdmitted;
    this.isWaiting = true;
    this.mayAsk = true;
    return true;
  }

  get asksAdmission(): boolean {
    return this.#asked.length > 0;
  }

  /** The owners of each object whose admission is to be asked, in document order. */
  takeAdmissions(): readonly (readonly OwnerRef[])[] {
    this.#isAsking = true;
    return this.#asked.map(({ owners }) => owners);
  }

  /** The answers, in the order of `takeAdmissions`; an object without one is not admitted. */
  answerAdmissions(answers: readonly boolean[]): void {
    if (!this.#isAsking) return;
    for (const [index, { object }] of this.#asked.entries()) object.isAdmitted = answers[index] ?? false;
    this.#asked = [];
    this.#isAsking = false;
  }

  /** Forgets what was put out of the sighted objects with indexes from `from` to before `to`: it waits. */
  undo(from: number, to: number): void {
    for (let number = from; number < to; number++) {
      const object = this.#tape.sighted[number] as SightedObject;
      object.isReleased = false;
      object.withheldMembers = undefined;
    }
  }

  /** Adds a fact for each owner of the sighted objects with indexes from `from` to before `to`. */
  recordFacts(from: number, to: number): void {
    for (let number = from; number < to; number++) {
      const object = this.#tape.sighted[number] as SightedObject;
      const { owners, verdict } = object;
      if (this.#monitor && object.ownerUnknown && object.layout.plan.resource) this.#hasUnknownOwner = true;
      if (!owners || owners.length === 0 || !verdict) continue;
      const sets = fieldSetsFor(object, verdict);
      for (const owner of owners) this.#gathered.add(object, sets, owner);
    }
  }

  /** The facts of what is released with the next chunks, or was withheld. */
  takeFacts(): readonly FactGroup[] {
    return this.#gathered.take();
  }

  /** `monitor`: why values since the last call have no fact. */
  takeUnjudged(): readonly ErrorCode[] {
    const codes: ErrorCode[] = [];
    if (this.#hasMisshapen) codes.push('LP-BODY-MISSHAPEN');
    if (this.#hasUnknownOwner) codes.push('LP-OWNER-UNKNOWN');
    this.#hasMisshapen = false;
    this.#hasUnknownOwner = false;
    return codes;
  }
}

function fieldSetsFor({ isReleased, withheldMembers }: SightedObject, verdict: Verdict): FieldSets {
  if (!isReleased) return verdict.setsIfWithheld;
  if (!withheldMembers) return verdict.setsIfReleased;
  return fieldSetsOf(
    verdict,
    (member) => (verdict.actions[member] as number) <= DESCEND && !withheldMembers.has(member),
  );
}
