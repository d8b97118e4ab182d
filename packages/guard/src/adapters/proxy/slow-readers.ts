import type { ServerResponse } from 'node:http';

const GRACE_MS = 10_000;
const TICK_MS = 1_000;

/** Bytes that were written and that the client has not taken yet. */
interface Pending {
  readonly response: ServerResponse;
  readonly untilMs: number;
  index: number;
}

/**
 * Disconnects clients that do not take what is ready for them at a least rate: they hold a connection to the origin. Pending writes
 * are in an array, not in a Set: a Set that changes all the time is copied all the time, and each copy keeps what it held from the
 * garbage collector.
 */
export class SlowReaders {
  readonly #bytesPerSecond: number;
  readonly #now: () => number;
  readonly #pending: Pending[] = [];
  #ticker: NodeJS.Timeout | undefined;

  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#now = now;
  }

  /** Watches a write until the returned function is called. */
  watch(response: ServerResponse, bytes: number): () => void {
    const untilMs = this.#now() + GRACE_MS + (bytes * 1000) / this.#bytesPerSecond;
    const pending = { response, untilMs, index: this.#pending.length };
    this.#pending.push(pending);
    this.#ticker ??= setInterval(() => this.tick(), TICK_MS).unref();
    return () => this.#remove(pending);
  }

  #remove(pending: Pending): void {
    if (this.#pending[pending.index] !== pending) return;
    const last = this.#pending.pop();
    if (!last || last === pending) return;
    last.index = pending.index;
    this.#pending[last.index] = last;
  }

  tick(): void {
    const nowMs = this.#now();
    for (const pending of this.#pending.filter(({ untilMs }) => untilMs <= nowMs)) {
      this.#remove(pending);
      pending.response.destroy();
    }
    if (this.#pending.length > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }
}
