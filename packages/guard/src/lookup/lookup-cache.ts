import type { Truth, Claim, EpochMs } from '@leakproof/core';
import { ClaimMap } from '@leakproof/core/rules';
import type { AnsweredClaim } from './read-lookup-response.ts';

/**
 * Answers of lookups by claim, for as long as the contract's `cache` allows. Never a verdict: what a principal may see is
 * judged for each response. When `max` answers are kept, the older half is dropped.
 */
export class LookupCache {
  /** Expiry in milliseconds since `#firstMs`, negative for a no: a small number needs no heap object. */
  readonly #expiries: ClaimMap<number>;
  #firstMs: EpochMs | undefined;

  constructor(max: number) {
    this.#expiries = new ClaimMap(max);
  }

  get(claim: Claim, nowMs: EpochMs): Truth {
    const expiry = this.#expiries.get(claim);
    if (expiry === undefined || this.#firstMs === undefined) return 'unknown';
    if (Math.abs(expiry) + this.#firstMs <= nowMs) return 'unknown';
    return expiry > 0 ? 'yes' : 'no';
  }

  put(answered: readonly AnsweredClaim[], nowMs: EpochMs): void {
    // One millisecond before the first answer, so that no expiry is zero.
    const firstMs = (this.#firstMs ??= nowMs - 1);
    for (const { claim, answer, expiresMs } of answered) {
      if (expiresMs <= nowMs || expiresMs <= firstMs) continue;
      this.#expiries.set(claim, answer === 'yes' ? expiresMs - firstMs : firstMs - expiresMs);
    }
  }

  get size(): number {
    return this.#expiries.size;
  }
}
