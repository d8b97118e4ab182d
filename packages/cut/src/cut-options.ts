import type { Expectation, Known, Mode, Principal } from '@leakproof/core';
import type { Framing } from './documents.ts';
import type { Admits } from './release/element-cutter.ts';

/** The part of a `ResponsePlan` that a cut needs. */
export interface CutPlan {
  readonly expected: Expectation;
  readonly principal: Principal;
  readonly mode: Mode;
}

export interface CutOptions {
  /** Default: `json`. Every text of `ndjson` and `sse` is an element of the expected list, or the expected value. */
  readonly framing?: Framing;
  /** What is known before claims are asked. */
  readonly known?: Known;
  /** Ask no claims: what is not known now stays unknown. */
  readonly final?: boolean;
  /**
   * Called once for each object with owners that would be released, in document order; false withholds it (a budget is spent).
   * `ask`: the element waits, and the next step that asks has the owners in `admissions`. Owners may then be asked about that are
   * not released after all, because another answer withholds the object around theirs.
   */
  readonly admits?: Admits;
  /** Most bytes of one element, and so of what is buffered. A larger element is refused. Default: 1 MiB. */
  readonly maxElementBytes?: number;
  /** Most elements that wait for the first round of claims; doubled for each further round, up to 16 times. Default: 64. */
  readonly windowElements?: number;
  /** Most bytes of the elements that wait. Default: 1 MiB. */
  readonly windowBytes?: number;
}
