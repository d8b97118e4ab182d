import type { Cutter } from './cut-element.ts';
import { type Between, type Due, type Element, newPlace, type Place, type Told } from './pending.ts';
import { FLOWING_LIST, FLOWING_MAP, FLOWING_OBJECT, type Frames, TRACKED_OBJECT } from '../read/frames.ts';
import { isHeir, mayFlow } from './flowing.ts';
import type { Judge } from '../rule/judge-element.ts';
import { emptyLayout, misshapenTwin, withKey } from '../layout/layout.ts';
import type { Output } from './output.ts';
import type { Flow } from '../read/containers.ts';
import { ENTER, type Layout, OMIT, type Plan, REPLACE, type Verdict } from '../layout/tables.ts';
import { AT, END, IS, IS_MISSHAPEN, KEY_AT, NEXT, NUMBER, ROW, type Sighted, type Tape } from '../read/tape.ts';
import { NULL_LITERAL } from '../rule/verdict.ts';

/** A window grows to so many times what it began with. */
const MAX_WIDER = 16;

export interface ElementLimits {
  readonly maxElementBytes: number;
  readonly windowElements: number;
  readonly windowBytes: number;
}

export interface ElementParts {
  readonly tape: Tape;
  readonly frames: Frames;
  readonly judge: Judge;
  readonly cutter: Cutter;
  readonly output: Output;
  readonly limits: ElementLimits;
  /** Elements of lists and maps leave one by one; else only whole documents. */
  readonly flows: boolean;
  readonly monitor: boolean;
}

/** Takes elements from the pass, has them judged, and lets them leave in their order. */
export class Elements implements Flow {
  isTooLarge = false;
  /** Why nothing is left of the last document. */
  lost: 'gone' | 'misshapen' | undefined;
  readonly #parts: ElementParts;
  readonly #places: Place[];
  readonly #root: Place = newPlace(0, OMIT, true);
  #deepest = 0;
  #held: Due[] = [];
  #heldElements = 0;
  /** Elements that are asked for together now. */
  #windowElements: number;
  #sightedSoFar = 0;
  /** How far the tape holds whole elements: an element in hand stands behind. */
  #toldSize = 0;

  constructor(parts: ElementParts) {
    this.#parts = parts;
    this.#places = [this.#root];
    this.#windowElements = parts.limits.windowElements;
  }

  /** A document starts at a place of the window. */
  begin(at: number): void {
    this.#root.mark = at;
    this.#root.isFirst = true;
    this.#deepest = 0;
  }

  /** The document ends: what stands behind its value leaves with it. */
  end(at: number): void {
    this.#due({ type: 'end', place: this.#root, last: this.#root.mark, to: at });
    this.#root.mark = at;
  }

  /** Bytes between documents. */
  pass(to: number): void {
    this.#due({ type: 'range', last: this.#root.mark, to });
    this.#root.mark = to;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** As many elements are held as are asked for together. */
  get holdsWindow(): boolean {
    return this.#heldElements >= this.#windowElements;
  }

  /** A list that had to be asked about will go on so: more at a time, so that a long one is not asked about without end. */
  widen(): void {
    this.#windowElements = Math.min(this.#windowElements * 2, this.#parts.limits.windowElements * MAX_WIDER);
  }

  /** No more may be held: in `monitor`, where the pass cannot wait, only their bytes count. */
  get isFull(): boolean {
    if (this.#heldElements === 0) return false;
    if (this.holdsWindow && !this.#parts.monitor) return true;
    return this.#mark() - this.needed >= this.#parts.limits.windowBytes;
  }

  /** The first place of the window that is still needed. */
  get needed(): number {
    return this.#held[0]?.last ?? this.#mark();
  }

  #mark(): number {
    return (this.#places[this.#deepest] as Place).mark;
  }

  /** Moves every place by as much; nothing may be held. */
  rebase(by: number): void {
    for (let depth = 0; depth <= this.#deepest; depth++) (this.#places[depth] as Place).mark -= by;
  }

  opens(depth: number, plan: Plan, keyAt: number, at: number): boolean {
    const { frames, flows } = this.#parts;
    if (!flows || isHeir(plan)) return false;
    let flowing = depth;
    while ((frames.kind[flowing] as number) < FLOWING_LIST) {
      if (frames.kind[flowing] !== TRACKED_OBJECT) return false;
      flowing--;
    }
    if (!this.#isLet(flowing)) return false;
    for (let level = flowing + 1; level <= depth; level++) if (!this.#mayFlow(level)) return false;
    for (let level = flowing + 1; level <= depth; level++) this.#setFlowing(level);
    const isMember = ((frames.kind[depth] as number) & 1) === 1;
    this.#enter(depth, isMember ? keyAt : at, at, plan.leavesNull ? REPLACE : OMIT);
    this.#toldSize = this.#parts.tape.size;
    this.#clear();
    return true;
  }

  element(depth: number, entry: number, end: number): boolean {
    const { frames, tape } = this.#parts;
    const place = this.#places[depth] as Place;
    let fate = ENTER;
    let elseFate = place.elseFate;
    let literal: Uint8Array = NULL_LITERAL;
    if (frames.kind[depth] === FLOWING_OBJECT) {
      const verdict = this.#memberVerdict(depth, tape.rows[entry + IS] === IS_MISSHAPEN);
      fate = verdict.fates[0] as number;
      elseFate = fate > ENTER ? fate : (verdict.elseFates[0] as number);
      literal = verdict.literals[0] ?? NULL_LITERAL;
    }
    if (frames.kind[depth] === FLOWING_LIST && !place.isRoot && this.#held.length === 0) {
      this.#tellAtOnce(place, entry, end);
      return this.isTooLarge || this.isFull;
    }
    const isKeyed = frames.kind[depth] === FLOWING_MAP && frames.isKeyed[depth] === 1;
    this.#tell(place, { entry, to: tape.sightedCount, fate, elseFate, literal, isKeyed }, end);
    return this.isTooLarge || this.isFull;
  }

  closes(depth: number, end: number): void {
    const { mark } = this.#places[depth] as Place;
    this.#due({ type: 'range', last: mark, to: end });
    this.#deepest = depth - 1;
    const above = this.#places[depth - 1] as Place;
    above.mark = end;
    above.isFirst = false;
  }

  /** Judges what is held again, and lets leave what is ready. True if nothing is held any more. */
  retry(): boolean {
    const { judge } = this.#parts;
    let isReady = true;
    let settled = 0;
    for (const due of this.#held) {
      if (due.type === 'element' && !judge.judge(due.from, due.to)) isReady = false;
      if (!isReady) continue;
      this.#settle(due);
      settled++;
    }
    this.#drop(settled);
    return isReady;
  }

  /** Lets everything leave as it was judged last. */
  force(): void {
    for (const due of this.#held) this.#settle(due);
    this.#drop(this.#held.length);
  }

  #drop(settled: number): void {
    this.#heldElements -= this.#held.slice(0, settled).filter((each) => each.type === 'element').length;
    this.#held = this.#held.slice(settled);
    this.#clear();
  }

  /** Whether the member or element in hand of a flowing container may leave. */
  #isLet(depth: number): boolean {
    const { frames } = this.#parts;
    if (frames.kind[depth] === FLOWING_OBJECT) return this.#memberVerdict(depth, false).fates[0] === ENTER;
    return frames.kind[depth] !== FLOWING_MAP || frames.isKeyed[depth] === 0;
  }

  #mayFlow(level: number): boolean {
    const { tape, frames, judge, monitor } = this.#parts;
    const sighted = frames.sighted[level] as Sighted;
    const layout = frames.layout[level] as Layout;
    if (!layout.plan.container) return false;
    sighted.layout = layout;
    return mayFlow(tape, sighted.entry, { layout, verdict: judge.verdictOn(sighted), monitor });
  }

  /** Lets the members that a container has so far leave, and those to come one by one. */
  #setFlowing(level: number): void {
    const { tape, frames, judge } = this.#parts;
    const sighted = frames.sighted[level] as Sighted;
    const { entry, layout } = sighted;
    const verdict = judge.verdictOn(sighted);
    this.#enter(level - 1, tape.rows[entry + KEY_AT] as number, tape.rows[entry + AT] as number, OMIT);
    const place = this.#places[level] as Place;
    this.#sightedSoFar = (tape.rows[entry + NUMBER] as number) + 1;
    let member = entry + ROW;
    for (let index = 0; index < layout.size - 1; index++) {
      const next = tape.rows[member + NEXT] as number;
      const fate = verdict.fates[index] as number;
      const told = {
        entry: member,
        to: this.#sightedBefore(next),
        fate,
        elseFate: fate > ENTER ? fate : (verdict.elseFates[index] as number),
        literal: verdict.literals[index] ?? NULL_LITERAL,
        isKeyed: false,
      };
      this.#tell(place, told, tape.rows[member + END] as number);
      member = next;
    }
    frames.kind[level] = FLOWING_OBJECT;
    frames.entry[level] = -1;
    frames.sighted[level] = undefined;
  }

  #sightedBefore(entry: number): number {
    const { tape } = this.#parts;
    let number = this.#sightedSoFar;
    while (number < tape.sightedCount && (tape.sighted[number] as Sighted).entry < entry) number++;
    return number;
  }

  #memberVerdict(depth: number, isMisshapen: boolean): Verdict {
    const { frames, judge } = this.#parts;
    const layout = frames.layout[depth] as Layout;
    const empty = emptyLayout(layout.plan);
    const only = withKey(empty, layout.key?.name ?? '') ?? empty;
    return judge.ownerless(isMisshapen ? misshapenTwin(only) : only);
  }

  /** A flowing container opens as an element of the one at `depth`. */
  // oxlint-disable-next-line max-params
  #enter(depth: number, start: number, at: number, elseFate: number): void {
    const place = this.#places[depth] as Place;
    this.#due({ type: 'enter', place, isFirst: place.isFirst, last: place.mark, start, at });
    place.isFirst = false;
    this.#places[depth + 1] = newPlace(at, elseFate, false);
    this.#deepest = depth + 1;
  }

  #tell(place: Place, told: Told, end: number): void {
    const { tape, judge, limits } = this.#parts;
    const { entry, to, fate, elseFate, literal, isKeyed } = told;
    const start = tape.rows[entry + KEY_AT] as number;
    const at = tape.rows[entry + AT] as number;
    const from = this.#sightedSoFar;
    const { isFirst, mark: last } = place;
    if (end - start > limits.maxElementBytes) this.isTooLarge = true;
    place.mark = end;
    place.isFirst = false;
    this.#sightedSoFar = to;
    this.#toldSize = tape.rows[entry + NEXT] as number;
    const isReady = judge.judge(from, to);
    const element: Element = {
      type: 'element',
      place,
      isFirst,
      last,
      start,
      at,
      entry,
      from,
      to,
      fate,
      elseFate,
      literal,
      isKeyed,
    };
    if (isReady && this.#held.length === 0) {
      this.#settleElement(element);
      this.#clear();
    } else {
      tape.keep();
      this.#held.push(element);
      this.#heldElements++;
    }
  }

  /** An element of a list that nothing keeps from leaving; by the long way, if there is something to ask. */
  #tellAtOnce(place: Place, entry: number, end: number): void {
    const { tape, judge, output, cutter, limits } = this.#parts;
    const { elseFate } = place;
    const from = this.#sightedSoFar;
    const to = tape.sightedCount;
    if (!judge.judge(from, to)) {
      this.#tell(place, { entry, to, fate: ENTER, elseFate, literal: NULL_LITERAL, isKeyed: false }, end);
      return;
    }
    const start = tape.rows[entry + AT] as number;
    if (end - start > limits.maxElementBytes) this.isTooLarge = true;
    const { mark, tail } = output;
    if (place.isFirst || place.kept > 0) output.range(place.mark, start);
    if ((tape.isForeseen && cutter.whole(entry, from, to)) || cutter.cut(entry)) place.kept++;
    else if (elseFate === REPLACE) {
      output.literal(NULL_LITERAL);
      place.kept++;
    } else if (!place.isFirst) output.back(mark, tail);
    place.mark = end;
    place.isFirst = false;
    cutter.gather(from, to);
    tape.clear();
    this.#sightedSoFar = 0;
    this.#toldSize = 0;
  }

  #due(due: Due): void {
    if (this.#held.length > 0) this.#held.push(due);
    else this.#settle(due);
  }

  #clear(): void {
    if (this.#held.length > 0 || this.#toldSize < this.#parts.tape.size) return;
    this.#parts.tape.clear();
    this.#sightedSoFar = 0;
    this.#toldSize = 0;
  }

  #settle(due: Due): void {
    const { output } = this.#parts;
    switch (due.type) {
      case 'range':
        output.range(due.last, due.to);
        break;
      case 'end':
        if (due.place.kept > 0) output.range(due.last, due.to);
        due.place.kept = 0;
        break;
      case 'enter':
        if (due.isFirst || due.place.kept > 0) output.range(due.last, due.start);
        due.place.kept++;
        output.range(due.start, due.at);
        break;
      case 'element':
        this.#settleElement(due);
    }
  }

  #settleElement(element: Element): void {
    const { output, cutter, tape } = this.#parts;
    const { place, entry, last, start } = element;
    if (element.isFirst && !place.isRoot) output.range(last, start);
    const { mark, tail } = output;
    this.#putBetween(element);
    if (element.fate <= ENTER && cutter.cut(entry) && (!element.isKeyed || cutter.isLeft(entry))) place.kept++;
    else {
      output.back(mark, tail);
      if (element.elseFate === REPLACE) {
        this.#putBetween(element);
        output.literal(element.literal);
        place.kept++;
      } else if (place.isRoot) this.lost = tape.rows[entry + IS] === IS_MISSHAPEN ? 'misshapen' : 'gone';
    }
    cutter.gather(element.from, element.to);
  }

  /** What stands between the last element and the value of one, if either leaves. */
  #putBetween({ place, isFirst, last, start, at }: Between): void {
    const { output } = this.#parts;
    if (place.isRoot || (!isFirst && place.kept > 0)) output.range(last, start);
    output.range(start, at);
  }
}
