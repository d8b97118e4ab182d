import type { ItemRelease } from './item-release.ts';
import type { NewElement, OpenContainer, PendingElement, PendingItem } from './pending.ts';
import type { SightedObject } from '../read/sighted-object.ts';
import { KEY_START, NEXT, START, type Tape } from '../read/tape.ts';
import { DESCEND } from '../rule/decision-tree.ts';
import type { ElementJudge } from '../rule/element-judge.ts';
import { NULL_LITERAL } from '../rule/member-actions.ts';

/** A window grows up to so many times its first size. */
const MAX_WINDOW_GROWTH = 16;

export interface ElementLimits {
  readonly maxElementBytes: number;
  readonly windowElements: number;
  readonly windowBytes: number;
}

export interface QueueContext {
  readonly tape: Tape;
  readonly judge: ElementJudge;
  readonly release: ItemRelease;
  readonly limits: ElementLimits;
}

/**
 * Judges elements as they are added and releases them in order. From the first element with claims to ask on, all items wait in a
 * window, whose claims are asked together.
 */
export class ElementQueue {
  isTooLarge = false;
  readonly #tape: Tape;
  readonly #judge: ElementJudge;
  readonly #release: ItemRelease;
  readonly #limits: ElementLimits;
  #items: PendingItem[] = [];
  #elements = 0;
  /** Elements whose claims are asked together. */
  #windowElements: number;
  /** The sighted objects and rows of the tape that belong to enqueued elements; the rest belongs to one that is incomplete. */
  #enqueuedSighted = 0;
  #enqueuedRows = 0;

  constructor({ tape, judge, release, limits }: QueueContext) {
    this.#tape = tape;
    this.#judge = judge;
    this.#release = release;
    this.#limits = limits;
    this.#windowElements = limits.windowElements;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** The window offset of the first byte of the first item. */
  get from(): number | undefined {
    return this.#items[0]?.from;
  }

  /** No more elements may be added, given the end of the last one. */
  isFull(end: number): boolean {
    if (this.#elements === 0) return false;
    if (this.#elements >= this.#windowElements) return true;
    return end - (this.from ?? end) >= this.#limits.windowBytes;
  }

  /** Doubles the window, so that a long list does not need a request for every few elements. */
  growWindow(): void {
    const { windowElements } = this.#limits;
    this.#windowElements = Math.min(this.#windowElements * 2, windowElements * MAX_WINDOW_GROWTH);
  }

  /** Adds an item that needs no ruling. */
  add(item: PendingItem): void {
    if (this.#items.length > 0) this.#items.push(item);
    else this.#release.release(item);
  }

  addElement({ container, end, entry, endSighted, action, fallback, literal, isKeyed }: NewElement): void {
    const tape = this.#tape;
    const element: PendingElement = {
      type: 'element',
      container,
      isFirst: container.isFirst,
      from: container.enqueuedTo,
      keyStart: tape.rows[entry + KEY_START] as number,
      valueStart: tape.rows[entry + START] as number,
      entry,
      firstSighted: this.#enqueuedSighted,
      endSighted,
      action,
      fallback,
      literal,
      isKeyed,
    };
    this.#advance(container, element.keyStart, end);
    this.#enqueuedSighted = endSighted;
    this.#enqueuedRows = tape.rows[entry + NEXT] as number;
    const isReady = this.#judge.judge(element.firstSighted, endSighted);
    if (isReady && this.#items.length === 0 && this.#release.releaseElement(element)) this.#clearTape();
    else {
      tape.copyBorrowedRows();
      this.#items.push(element);
      this.#elements++;
    }
  }

  /** Adds the element of a list that is last on the tape; nothing is allocated for it unless it has to wait. */
  addListElement(container: OpenContainer, entry: number, end: number): void {
    const tape = this.#tape;
    const firstSighted = this.#enqueuedSighted;
    const endSighted = tape.sightedCount;
    const isReleased =
      this.#items.length === 0 &&
      this.#judge.judge(firstSighted, endSighted) &&
      this.#release.releaseListElement(container, entry, firstSighted);
    if (!isReleased) {
      const { fallback } = container;
      this.addElement({
        container,
        end,
        entry,
        endSighted,
        action: DESCEND,
        fallback,
        literal: NULL_LITERAL,
        isKeyed: false,
      });
      return;
    }
    this.#advance(container, tape.rows[entry + START] as number, end);
    tape.clear();
    this.#enqueuedSighted = 0;
    this.#enqueuedRows = 0;
  }

  #advance(container: OpenContainer, start: number, end: number): void {
    if (end - start > this.#limits.maxElementBytes) this.isTooLarge = true;
    container.enqueuedTo = end;
    container.isFirst = false;
  }

  /** The sighted objects before this index belong to containers that are streamed: the next element has none of them. */
  skipSighted(before: number): void {
    this.#enqueuedSighted = before;
  }

  /** No value on the tape is incomplete: all of it belongs to streamed containers and enqueued elements. */
  allEnqueued(): void {
    this.#enqueuedRows = this.#tape.size;
    this.#clearTape();
  }

  /** The index of the first sighted object at or after an entry. */
  firstSightedFrom(entry: number): number {
    const tape = this.#tape;
    let number = this.#enqueuedSighted;
    while (number < tape.sightedCount && (tape.sighted[number] as SightedObject).entry < entry) number++;
    return number;
  }

  /** Judges all pending elements again, and releases items up to the first that still has to wait. */
  retry(): void {
    let isReady = true;
    let released = 0;
    for (const item of this.#items) {
      if (item.type === 'element' && !this.#judge.judge(item.firstSighted, item.endSighted)) isReady = false;
      isReady = isReady && this.#release.release(item);
      if (isReady) released++;
    }
    this.#drop(released);
  }

  /** Finds what admissions elements need, in order: all of them, or those up to the first that still has claims to ask. */
  askAdmissions(ofAll: boolean): void {
    for (const item of this.#items) {
      if (item.type !== 'element') continue;
      if (!ofAll && !this.#judge.judge(item.firstSighted, item.endSighted)) return;
      this.#release.askAdmissions(item);
    }
  }

  /** Releases all items by their last ruling. */
  force(): void {
    for (const item of this.#items) this.#release.release(item);
    this.#drop(this.#items.length);
  }

  #drop(released: number): void {
    this.#elements -= this.#items.slice(0, released).filter((each) => each.type === 'element').length;
    this.#items = this.#items.slice(released);
    this.#clearTape();
  }

  #clearTape(): void {
    const tape = this.#tape;
    if (this.#items.length > 0 || this.#enqueuedRows < tape.size) return;
    tape.clear();
    this.#enqueuedSighted = 0;
    this.#enqueuedRows = 0;
  }
}
