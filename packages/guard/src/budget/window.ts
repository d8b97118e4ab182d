import type { EpochMs } from '@leakproof/core';

/**
 * The distinct owners one principal was given within a sliding window, exactly: each with the time it was last given. Never
 * holds more than `max`, so its memory is bounded by the contract.
 */
export class OwnerWindow {
  readonly #withinMs: number;
  readonly #max: number;
  /** In the order in which they were last given. */
  readonly #owners = new Map<string, EpochMs>();
  readonly #refusals: EpochMs[] = [];

  constructor(withinMs: number, max: number) {
    this.#withinMs = withinMs;
    this.#max = max;
  }

  count(nowMs: EpochMs): number {
    this.#expire(nowMs);
    return this.#owners.size;
  }

  /** True if there is room for all of `owners`: those given before within the window need none. */
  hasRoomFor(owners: readonly string[], nowMs: EpochMs): boolean {
    this.#expire(nowMs);
    const fresh = new Set(owners.filter((owner) => !this.#owners.has(owner)));
    return this.#owners.size + fresh.size <= this.#max;
  }

  /** Counts owners as given now, up to the limit. */
  note(owners: readonly string[], nowMs: EpochMs): void {
    for (const owner of owners) {
      this.#owners.delete(owner);
      if (this.#owners.size < this.#max) this.#owners.set(owner, nowMs);
    }
  }

  noteRefusal(nowMs: EpochMs, keep: number): void {
    this.#refusals.push(nowMs);
    if (this.#refusals.length > keep) this.#refusals.shift();
  }

  refusals(nowMs: EpochMs): number {
    return this.#refusals.filter((time) => time > nowMs - this.#withinMs).length;
  }

  /** When the next owner leaves the window. */
  freeAtMs(nowMs: EpochMs): EpochMs {
    const [first] = this.#owners.values();
    return (first ?? nowMs) + this.#withinMs;
  }

  /** When the last refusal leaves the window. */
  thawsAtMs(nowMs: EpochMs): EpochMs {
    return (this.#refusals[0] ?? nowMs) + this.#withinMs;
  }

  isIdle(nowMs: EpochMs): boolean {
    return this.count(nowMs) === 0 && this.refusals(nowMs) === 0;
  }

  #expire(nowMs: EpochMs): void {
    for (const [owner, time] of this.#owners) {
      if (time > nowMs - this.#withinMs) return;
      this.#owners.delete(owner);
    }
  }
}
