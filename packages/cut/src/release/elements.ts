import type { ElementCutter } from './element-cutter.ts';
import { canStream, inheritsOwner } from './can-stream.ts';
import { type ElementLimits, ElementQueue } from './element-queue.ts';
import { ItemRelease } from './item-release.ts';
import type { Output } from './output.ts';
import { newOpenContainer, type OpenContainer } from './pending.ts';
import { emptyLayout, misshapenVariantOf, withKey } from '../layout/layout.ts';
import type { Layout, Plan } from '../layout/tables.ts';
import type { ElementSink } from '../read/containers.ts';
import { type Frames, STREAMED_LIST, STREAMED_MAP, STREAMED_OBJECT, TRACKED_OBJECT } from '../read/frames.ts';
import type { SightedObject } from '../read/sighted-object.ts';
import type { Window } from '../read/window.ts';
import { DETAIL, END, KEY_START, NEXT, ROW_WORDS, START, type Tape, TYPE, TYPE_MISSHAPEN } from '../read/tape.ts';
import { DESCEND, type MemberAction, OMIT, REPLACE, type Verdict } from '../rule/decision-tree.ts';
import type { ElementJudge } from '../rule/element-judge.ts';
import { NULL_LITERAL } from '../rule/member-actions.ts';

export interface ElementsContext {
  readonly tape: Tape;
  readonly frames: Frames;
  readonly judge: ElementJudge;
  readonly cutter: ElementCutter;
  readonly output: Output;
  readonly window: Window;
  readonly limits: ElementLimits;
  /** Containers are streamed where that is safe; else only whole documents are released. */
  readonly streams: boolean;
  readonly monitor: boolean;
}

/** Receives elements from the scanner, decides which containers are streamed, and enqueues what is complete. */
export class Elements implements ElementSink {
  readonly #context: ElementsContext;
  readonly #release: ItemRelease;
  readonly #queue: ElementQueue;
  /** The streamed containers that are open, by depth. */
  readonly #containers: OpenContainer[];
  readonly #root: OpenContainer = newOpenContainer(0, OMIT, true);
  #deepest = 0;

  constructor(context: ElementsContext) {
    const { tape, judge, limits } = context;
    this.#context = context;
    this.#containers = [this.#root];
    this.#release = new ItemRelease(context);
    this.#queue = new ElementQueue({ tape, judge, release: this.#release, limits });
  }

  /** Starts a document at a window offset. */
  begin(at: number): void {
    this.#root.enqueuedTo = at;
    this.#root.isFirst = true;
    this.#deepest = 0;
  }

  /** Ends the document; the bytes after its value are released with it. */
  end(at: number): void {
    this.#queue.add({ type: 'end', container: this.#root, from: this.#root.enqueuedTo, to: at });
    this.#root.enqueuedTo = at;
  }

  /** Releases bytes between documents. */
  passThrough(to: number): void {
    this.#queue.add({ type: 'range', from: this.#root.enqueuedTo, to });
    this.#root.enqueuedTo = to;
  }

  /** Why nothing of the last document is released. */
  get withheld(): 'all' | 'misshapen' | undefined {
    return this.#release.withheld;
  }

  get isTooLarge(): boolean {
    return this.#queue.isTooLarge;
  }

  get hasPending(): boolean {
    return !this.#queue.isEmpty;
  }

  /** No more elements may be pending. */
  get isFull(): boolean {
    return this.#queue.isFull(this.#enqueuedTo());
  }

  /** The first window offset that is still needed. */
  get needed(): number {
    return this.#queue.from ?? this.#enqueuedTo();
  }

  #enqueuedTo(): number {
    return (this.#containers[this.#deepest] as OpenContainer).enqueuedTo;
  }

  /** Subtracts `by` from all window offsets. Nothing may be pending. */
  rebase(by: number): void {
    for (let depth = 0; depth <= this.#deepest; depth++) (this.#containers[depth] as OpenContainer).enqueuedTo -= by;
  }

  growWindow(): void {
    this.#queue.growWindow();
  }

  /** Judges pending elements again and releases those that are ready. */
  retry(): void {
    this.#queue.retry();
  }

  /** Finds what admissions the pending elements need: those that are ready, or all by their last ruling. */
  askAdmissions(ofAll: boolean): void {
    if (this.#context.cutter.mayAsk) this.#queue.askAdmissions(ofAll);
  }

  /** Releases all pending elements by their last ruling. */
  force(): void {
    this.#queue.force();
  }

  // oxlint-disable-next-line max-params -- as in `ElementSink`
  openContainer(depth: number, plan: Plan, keyStart: number, start: number): boolean {
    const { frames, streams } = this.#context;
    if (!streams || inheritsOwner(plan)) return false;
    let streamed = depth;
    while ((frames.type[streamed] as number) < STREAMED_LIST) {
      if (frames.type[streamed] !== TRACKED_OBJECT) return false;
      streamed--;
    }
    if (!this.#isKept(streamed)) return false;
    for (let level = streamed + 1; level <= depth; level++) if (!this.#canStream(level)) return false;
    for (let level = streamed + 1; level <= depth; level++) this.#startStreaming(level);
    const isMember = ((frames.type[depth] as number) & 1) === 1;
    this.#open(
      depth,
      { keyStart: isMember ? keyStart : start, valueStart: start },
      plan.nullIfWithheld ? REPLACE : OMIT,
    );
    this.#queue.allEnqueued();
    return true;
  }

  addElement(depth: number, entry: number, end: number): boolean {
    const { frames, tape } = this.#context;
    const queue = this.#queue;
    const container = this.#containers[depth] as OpenContainer;
    const type = frames.type[depth] as number;
    if (type === STREAMED_LIST && !container.isRoot) queue.addListElement(container, entry, end);
    else {
      let action: MemberAction = DESCEND;
      let { fallback } = container;
      let literal: Uint8Array = NULL_LITERAL;
      if (type === STREAMED_OBJECT) {
        const verdict = this.#memberVerdict(depth, tape.rows[entry + TYPE] === TYPE_MISSHAPEN);
        action = verdict.actions[0] as MemberAction;
        fallback = action > DESCEND ? action : (verdict.fallbacks[0] as MemberAction);
        literal = verdict.literals[0] ?? NULL_LITERAL;
      }
      const isKeyed = type === STREAMED_MAP && frames.isKeyed[depth] === 1;
      queue.addElement({ container, end, entry, endSighted: tape.sightedCount, action, fallback, literal, isKeyed });
    }
    return queue.isTooLarge || (!queue.isEmpty && this.isFull);
  }

  closeContainer(depth: number, end: number): void {
    const container = this.#containers[depth] as OpenContainer;
    const { isFirst: isEmpty, enqueuedTo: from } = container;
    this.#queue.add({ type: 'close', container, isEmpty, from, to: end });
    this.#deepest = depth - 1;
    const parent = this.#containers[depth - 1] as OpenContainer;
    parent.enqueuedTo = end;
    parent.isFirst = false;
  }

  /** Whether the current member or element of a streamed container is kept. */
  #isKept(depth: number): boolean {
    const { frames } = this.#context;
    if (frames.type[depth] === STREAMED_OBJECT) return this.#memberVerdict(depth, false).actions[0] === DESCEND;
    return frames.type[depth] !== STREAMED_MAP || frames.isKeyed[depth] === 0;
  }

  #canStream(level: number): boolean {
    const { tape, frames, judge, monitor } = this.#context;
    const object = frames.sighted[level] as SightedObject;
    const layout = frames.layout[level] as Layout;
    if (!layout.plan.isContainer) return false;
    object.layout = layout;
    return canStream(tape, object.entry, { layout, verdict: judge.verdictOn(object), monitor });
  }

  /** Enqueues the members of an object so far; its further members are streamed. */
  #startStreaming(level: number): void {
    const { tape, frames, judge } = this.#context;
    const object = frames.sighted[level] as SightedObject;
    const { entry, layout } = object;
    const verdict = judge.verdictOn(object);
    const { rows } = tape;
    this.#open(
      level - 1,
      { keyStart: rows[entry + KEY_START] as number, valueStart: rows[entry + START] as number },
      OMIT,
    );
    const container = this.#containers[level] as OpenContainer;
    this.#queue.skipSighted((rows[entry + DETAIL] as number) + 1);
    let member = entry + ROW_WORDS;
    for (let index = 0; index < layout.size - 1; index++) {
      const next = tape.rows[member + NEXT] as number;
      const action = verdict.actions[index] as MemberAction;
      this.#queue.addElement({
        container,
        end: tape.rows[member + END] as number,
        entry: member,
        endSighted: this.#queue.firstSightedFrom(next),
        action,
        fallback: action > DESCEND ? action : (verdict.fallbacks[index] as MemberAction),
        literal: verdict.literals[index] ?? NULL_LITERAL,
        isKeyed: false,
      });
      member = next;
    }
    frames.type[level] = STREAMED_OBJECT;
    frames.entry[level] = -1;
    frames.sighted[level] = undefined;
  }

  /** The verdict on the current member of a streamed object, as if it were its only one. */
  #memberVerdict(depth: number, isMisshapen: boolean): Verdict {
    const { frames, judge } = this.#context;
    const layout = frames.layout[depth] as Layout;
    const empty = emptyLayout(layout.plan);
    const only = withKey(empty, layout.key?.name ?? '') ?? empty;
    return judge.verdictOnOwnerless(isMisshapen ? misshapenVariantOf(only) : only);
  }

  /** Opens a streamed container as an element of the one at `depth`. */
  #open(
    depth: number,
    { keyStart, valueStart }: { readonly keyStart: number; readonly valueStart: number },
    fallback: MemberAction,
  ): void {
    const container = this.#containers[depth] as OpenContainer;
    const { isFirst, enqueuedTo } = container;
    this.#queue.add({ type: 'open', container, isFirst, from: enqueuedTo, keyStart, valueStart });
    container.isFirst = false;
    this.#containers[depth + 1] = newOpenContainer(valueStart, fallback, false);
    this.#deepest = depth + 1;
  }
}
