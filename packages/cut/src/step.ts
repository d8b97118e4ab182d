import type { Claim, ErrorCode, FactGroup, Known } from '@leakproof/core';

/** What is to be done after bytes were pushed. Facts are written before the chunks of the same step leave. */
export type Step =
  /** Nothing yet: push more, or end. */
  | { readonly type: 'more' }
  | ({ readonly type: 'release' } & Released)
  /**
   * What the step holds leaves; then `answer`, before anything is pushed (in `monitor`: whenever the answers are there).
   * A claim that is not answered is unknown for good.
   */
  | ({ readonly type: 'ask'; readonly asks: readonly Claim[] } & Released)
  | Refused;

export interface Released {
  readonly facts: readonly FactGroup[];
  /** Parts of what was pushed, not copied where they are long, and literals of the contract. */
  readonly chunks: readonly Uint8Array[];
  /** `monitor`: from here on nothing of this body is judged. */
  readonly gap?: ErrorCode;
}

/** Nothing more of the body leaves, whatever is pushed. */
export interface Refused {
  readonly type: 'refuse';
  readonly because: 'gone' | 'misshapen' | 'unreadable' | 'too-large';
  readonly code: ErrorCode;
  /** What was withheld: nothing of what they speak of has left. */
  readonly facts: readonly FactGroup[];
  /** Chunks of earlier steps have left: close the connection, never end the body. */
  readonly started: boolean;
}

/** The cut of one response. */
export interface Cut {
  /** The next bytes; they must not change until they have left. */
  push(bytes: Uint8Array): Step;
  /** The body is whole. After a step that asks, the last step is that of `answer`. */
  end(): Step;
  answer(known: Known): Step;
}
