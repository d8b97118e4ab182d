import type { ServerResponse } from 'node:http';
import { SlotList, type Slotted } from './slot-list.ts';

const GRACE_MS = 10_000;
const TICK_MS = 1_000;

/** Bytes that were written and that the client has not taken yet. */
interface Pending extends Slotted {
  readonly response: ServerResponse;
  readonly untilMs: number;
}

/** Disconnects clients that do not take what is ready for them at a least rate: they hold a connection to the origin. */
export class SlowReaders {
  readonly #bytesPerSecond: number;
  readonly #now: () => number;
  readonly #pending = new SlotList<Pending>();
  #ticker: NodeJS.Timeout | undefined;

  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#now = now;
  }

  /** Watches a write until the returned function is called. */
  watch(response: ServerResponse, bytes: number): () => void {
    const untilMs = this.#now() + GRACE_MS + (bytes * 1000) / this.#bytesPerSecond;
    const pending: Pending = { response, untilMs, slot: -1 };
    this.#pending.add(pending);
    this.#ticker ??= setInterval(() => this.tick(), TICK_MS).unref();
    return () => void this.#pending.remove(pending);
  }

  tick(): void {
    const nowMs = this.#now();
    for (const pending of this.#pending.filter(({ untilMs }) => untilMs <= nowMs)) {
      this.#pending.remove(pending);
      pending.response.destroy();
    }
    if (this.#pending.size > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }
}
