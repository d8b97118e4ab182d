import type { Truth, Claim, EpochMs } from '@leakproof/core';
import { ClaimMap } from '@leakproof/core/rules';
import type { Learnt } from './lookup-answers.ts';

/**
 * What lookups have said, kept by claim for as long as the contract lets it be believed. Facts only, never a verdict: who
 * may see what is judged anew each time. When there are `max` the older half goes.
 */
export class LookupCache {
  /** Until when, in milliseconds since the first, below zero for a no: a small number needs no object of its own. */
  readonly #facts: ClaimMap<number>;
  #firstMs: EpochMs | undefined;

  constructor(max: number) {
    this.#facts = new ClaimMap(max);
  }

  get(claim: Claim, nowMs: EpochMs): Truth {
    const until = this.#facts.get(claim);
    if (until === undefined || this.#firstMs === undefined) return 'unknown';
    if (Math.abs(until) + this.#firstMs <= nowMs) return 'unknown';
    return until > 0 ? 'yes' : 'no';
  }

  put(learnt: readonly Learnt[], nowMs: EpochMs): void {
    // One before the first fact, so that none ends at zero.
    const firstMs = (this.#firstMs ??= nowMs - 1);
    for (const { claim, answer, untilMs } of learnt) {
      if (untilMs <= nowMs || untilMs <= firstMs) continue;
      this.#facts.set(claim, answer === 'yes' ? untilMs - firstMs : firstMs - untilMs);
    }
  }

  get size(): number {
    return this.#facts.size;
  }
}
