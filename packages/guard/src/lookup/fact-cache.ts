import { type Answer, type Claim, ClaimMap, type EpochMs } from '@leakproof/core';
import type { Learnt } from './lookup-answers.ts';

interface Fact {
  readonly answer: Answer;
  readonly untilMs: EpochMs;
}

/**
 * What lookups have said, kept by claim for as long as the contract lets it be believed. Facts only, never a verdict: who
 * may see what is judged anew each time. When there are `max` the older half goes.
 */
export class FactCache {
  readonly #facts: ClaimMap<Fact>;

  constructor(max: number) {
    this.#facts = new ClaimMap(max);
  }

  get(claim: Claim, nowMs: EpochMs): Answer {
    const fact = this.#facts.get(claim);
    return fact !== undefined && fact.untilMs > nowMs ? fact.answer : 'unknown';
  }

  put(learnt: readonly Learnt[], nowMs: EpochMs): void {
    for (const { claim, answer, untilMs } of learnt) if (untilMs > nowMs) this.#facts.set(claim, { answer, untilMs });
  }

  get size(): number {
    return this.#facts.size;
  }
}
