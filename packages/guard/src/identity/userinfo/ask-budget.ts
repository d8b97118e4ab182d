import type { EpochMs } from '@leakproof/core';

/** A question holds its slot for so long at least: the number of slots is also the most questions in a second. */
const LEAST_MS = 1_000;

interface Slot {
  readonly network: string;
  readonly startedMs: EpochMs;
  ended: boolean;
}

/**
 * How often the origin is asked about credentials that it has not confirmed before: anybody can make them up. No network has
 * more than a part. O(slots).
 */
export class AskBudget {
  readonly #max: number;
  readonly #maxPerNetwork: number;
  #slots: Slot[] = [];

  constructor({ max, maxPerNetwork }: { readonly max: number; readonly maxPerNetwork: number }) {
    this.#max = max;
    this.#maxPerNetwork = maxPerNetwork;
  }

  /** Takes a slot; the result is called when the question has been answered. Undefined: there is none. */
  take(network: string, nowMs: EpochMs): (() => void) | undefined {
    // A clock that was set back must not keep slots for ever.
    this.#slots = this.#slots.filter(({ ended, startedMs }) => !ended || Math.abs(nowMs - startedMs) < LEAST_MS);
    if (this.#slots.length >= this.#max) return undefined;
    if (this.#slots.filter((slot) => slot.network === network).length >= this.#maxPerNetwork) return undefined;
    const slot: Slot = { network, startedMs: nowMs, ended: false };
    this.#slots.push(slot);
    return () => {
      slot.ended = true;
    };
  }
}
