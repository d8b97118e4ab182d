import type { Output } from './output.ts';
import type { ElementCutter } from './element-cutter.ts';
import type { ElementStart, OpenContainer, PendingElement, PendingItem } from './pending.ts';
import type { Window } from '../read/window.ts';
import { START, type Tape, TYPE, TYPE_MISSHAPEN } from '../read/tape.ts';
import { DESCEND, REPLACE } from '../rule/decision-tree.ts';
import { NULL_LITERAL } from '../rule/member-actions.ts';

export interface ReleaseContext {
  readonly tape: Tape;
  readonly output: Output;
  readonly cutter: ElementCutter;
  readonly window: Window;
}

/** Puts queue items out: what is kept of elements, and the separators between those that are. */
export class ItemRelease {
  /** Why nothing of the last document is released. */
  withheld: 'all' | 'misshapen' | undefined;
  readonly #tape: Tape;
  readonly #output: Output;
  readonly #cutter: ElementCutter;
  readonly #window: Window;

  constructor({ tape, output, cutter, window }: ReleaseContext) {
    this.#tape = tape;
    this.#output = output;
    this.#cutter = cutter;
    this.#window = window;
  }

  /** False if the item has to wait for an admission, and nothing was put out. */
  release(item: PendingItem): boolean {
    const output = this.#output;
    switch (item.type) {
      case 'range':
        output.range(item.from, item.to);
        break;
      case 'end':
        if (item.container.kept > 0) output.range(item.from, item.to);
        item.container.kept = 0;
        break;
      case 'open':
        this.#putLead(item);
        item.container.kept++;
        break;
      case 'close':
        this.#close(item);
        break;
      case 'element':
        return this.releaseElement(item);
    }
    return true;
  }

  /** Finds what admissions an element needs. Nothing is put out. */
  askAdmissions({ entry, action, firstSighted, endSighted }: PendingElement): void {
    const { mark, tail } = this.#output;
    if (action <= DESCEND) this.#cutter.cut(entry);
    this.#undo({ mark, tail, firstSighted, endSighted });
  }

  #undo(from: { mark: number; tail: number; firstSighted: number; endSighted: number }): void {
    this.#output.rollback(from.mark, from.tail);
    this.#cutter.undo(from.firstSighted, from.endSighted);
    this.#cutter.isWaiting = false;
  }

  releaseElement(element: PendingElement): boolean {
    const output = this.#output;
    const cutter = this.#cutter;
    const { container, entry } = element;
    const { mark, tail } = output;
    this.#putLead(element);
    const isKept = element.action <= DESCEND && cutter.cut(entry) && (!element.isKeyed || cutter.releasesObject(entry));
    if (cutter.isWaiting) {
      this.#undo({ mark, tail, firstSighted: element.firstSighted, endSighted: element.endSighted });
      return false;
    }
    if (isKept) container.kept++;
    else {
      output.rollback(mark, tail);
      if (element.fallback === REPLACE) {
        this.#putLead(element);
        output.literal(element.literal);
        container.kept++;
      } else if (!container.isRoot) {
        if (element.isFirst) this.#keepLead(container, element.from, element.keyStart);
      } else this.withheld = this.#tape.rows[entry + TYPE] === TYPE_MISSHAPEN ? 'misshapen' : 'all';
    }
    cutter.recordFacts(element.firstSighted, element.endSighted);
    return true;
  }

  /**
   * Releases an element of a list, the last on the tape; its sighted objects start at the index `firstSighted`. False if it has to
   * wait for an admission.
   */
  releaseListElement(container: OpenContainer, entry: number, firstSighted: number): boolean {
    const tape = this.#tape;
    const output = this.#output;
    const cutter = this.#cutter;
    const to = tape.sightedCount;
    const { mark, tail } = output;
    const start = tape.rows[entry + START] as number;
    if (container.isFirst || container.kept > 0) output.range(container.enqueuedTo, start);
    else this.#firstLead(container);
    const isKept = (tape.isFromWasm && cutter.keepWhole(entry, firstSighted, to)) || cutter.cut(entry);
    if (cutter.isWaiting) {
      this.#undo({ mark, tail, firstSighted, endSighted: to });
      return false;
    }
    if (isKept) container.kept++;
    else if (container.fallback === REPLACE) {
      output.literal(NULL_LITERAL);
      container.kept++;
    } else {
      output.rollback(mark, tail);
      if (container.isFirst) this.#keepLead(container, container.enqueuedTo, start);
    }
    cutter.recordFacts(firstSighted, to);
    return true;
  }

  /** What follows the last element. White space would tell that something was there. */
  #close({ container, isEmpty, from, to }: Extract<PendingItem, { type: 'close' }>): void {
    if (isEmpty || container.kept > 0) {
      this.#output.range(from, to);
      return;
    }
    if (container.lead) this.#output.literal(container.lead.subarray(0, 1));
    this.#output.range(to - 1, to);
  }

  #firstLead({ lead }: OpenContainer): void {
    if (lead) this.#output.literal(lead);
  }

  /** The window moves on before it is known whether anything of the container is kept. */
  #keepLead(container: OpenContainer, from: number, to: number): void {
    if (!this.#output.isDisabled) container.lead = this.#window.slice(from, to).slice();
  }

  /** The bytes between the element before and the value; before the first that is kept what was before the first of the body. */
  #putLead({ container, isFirst, from, keyStart, valueStart }: ElementStart): void {
    const output = this.#output;
    if (container.isRoot || isFirst || container.kept > 0) output.range(from, keyStart);
    else this.#firstLead(container);
    output.range(keyStart, valueStart);
  }
}
