import { type Answer, type Claim, claimKey, type EpochMs } from '@leakproof/core';
import type { Learnt } from './lookup-answers.ts';

/**
 * What lookups have said, kept by claim for as long as the contract lets it be believed. Facts only, never a verdict: who
 * may see what is judged anew each time. The oldest goes first when it is full.
 */
export class FactCache {
  readonly #max: number;
  readonly #facts = new Map<string, { readonly answer: Answer; readonly untilMs: EpochMs }>();

  constructor(max: number) {
    this.#max = max;
  }

  get(claim: Claim, nowMs: EpochMs): Answer {
    const key = claimKey(claim);
    const fact = this.#facts.get(key);
    if (!fact) return 'unknown';
    if (fact.untilMs > nowMs) return fact.answer;
    this.#facts.delete(key);
    return 'unknown';
  }

  put(learnt: readonly Learnt[], nowMs: EpochMs): void {
    for (const { claim, answer, untilMs } of learnt) {
      if (untilMs <= nowMs) continue;
      const key = claimKey(claim);
      this.#facts.delete(key);
      this.#facts.set(key, { answer, untilMs });
    }
    for (const key of this.#facts.keys()) {
      if (this.#facts.size <= this.#max) break;
      this.#facts.delete(key);
    }
  }

  get size(): number {
    return this.#facts.size;
  }
}
