import type { MemberAction } from '../rule/decision-tree.ts';

// Items of the queue of a cut: parts of the body in order, and what happens to each.

/** A container that is streamed. The document is one with a single element. */
export interface OpenContainer {
  readonly isRoot: boolean;
  /** What happens to an element of which nothing is kept, where the container does not decide it by key. */
  readonly fallback: MemberAction;
  /** Window offset of the end of the last element that was enqueued. */
  enqueuedTo: number;
  /** No element was enqueued yet. */
  isFirst: boolean;
  /**
   * A copy of the opening delimiter and the white space behind it, once the first element was withheld: released with the first
   * element that is kept.
   */
  lead: Uint8Array | undefined;
  /** Elements that were released. */
  kept: number;
}

/** Where an element starts, as window offsets. */
export interface ElementStart {
  readonly container: OpenContainer;
  readonly isFirst: boolean;
  /** The end of the element before it. */
  readonly from: number;
  readonly keyStart: number;
  readonly valueStart: number;
}

export interface PendingElement extends ElementStart {
  readonly type: 'element';
  readonly entry: number;
  /** The sighted objects in it: the index of the first, and of the one after the last. */
  readonly firstSighted: number;
  readonly endSighted: number;
  readonly action: MemberAction;
  readonly fallback: MemberAction;
  readonly literal: Uint8Array;
  readonly isKeyed: boolean;
}

export type NewElement = Pick<
  PendingElement,
  'entry' | 'endSighted' | 'action' | 'fallback' | 'literal' | 'isKeyed'
> & {
  readonly container: OpenContainer;
  readonly end: number;
};

export type PendingItem =
  | PendingElement
  /** A streamed container opens. */
  | (ElementStart & { readonly type: 'open' })
  /** It closes; `isEmpty`: it had no elements in the body. */
  | {
      readonly type: 'close';
      readonly container: OpenContainer;
      readonly isEmpty: boolean;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: 'range'; readonly from: number; readonly to: number }
  /** A document ends: the bytes after its value are released if it is. */
  | { readonly type: 'end'; readonly container: OpenContainer; readonly from: number; readonly to: number };

export function newOpenContainer(at: number, fallback: MemberAction, isRoot: boolean): OpenContainer {
  return { isRoot, fallback, lead: undefined, enqueuedTo: at, isFirst: true, kept: 0 };
}
