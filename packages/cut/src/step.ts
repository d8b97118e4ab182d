import type { Claim, ErrorCode, FactGroup, Known, OwnerRef } from '@leakproof/core';

/** What to do after a call. The facts of a step are written to the log before its chunks are sent. */
export type Step =
  /** Nothing yet: push more, or end. */
  | { readonly type: 'more' }
  | ({ readonly type: 'release' } & Released)
  /**
   * Send what the step contains, then call `answer` before anything is pushed. A claim that is not answered stays unknown.
   */
  | ({ readonly type: 'ask'; readonly asks: readonly Claim[]; readonly admissions: readonly Admission[] } & Released)
  | Refused;

/** The owners of an object that `admits` has left to be asked. */
export type Admission = readonly OwnerRef[];

export interface Released {
  readonly facts: readonly FactGroup[];
  /**
   * Parts of the pushed bytes, not copied where they are long, and literals of the contract. In `monitor` the pushed bytes
   * themselves, with the step of their `push`.
   */
  readonly chunks: readonly Uint8Array[];
  /** `monitor`: why no more of this body is judged. */
  readonly gap?: ErrorCode;
  /**
   * `monitor`: why values among these passed without a fact: LP-OWNER-UNKNOWN (an object whose owner is not known), LP-BODY-MISSHAPEN
   * (a value of another shape that is not a field). Judging goes on.
   */
  readonly unjudged?: readonly ErrorCode[];
}

/** No more of the body is released, whatever is pushed. */
export interface Refused {
  readonly type: 'refuse';
  /** `gone`: the principal may see nothing of it. */
  readonly because: 'gone' | 'misshapen' | 'unreadable' | 'too-large';
  readonly code: ErrorCode;
  /** Facts of what was withheld; nothing of it was released. */
  readonly facts: readonly FactGroup[];
  /** Earlier steps released chunks: close the connection, do not end the body. */
  readonly started: boolean;
}

/** The cut of one response. */
export interface Cut {
  /** The next bytes. They must not change until they are sent. */
  push(bytes: Uint8Array): Step;
  /** The body is complete. After a step that asks, the last step is that of `answer`. */
  end(): Step;
  /** `admissions`: whether each of those asked is admitted, in their order; one without an answer is not. */
  answer(known: Known, admissions?: readonly boolean[]): Step;
}
