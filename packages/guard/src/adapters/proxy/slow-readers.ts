import type { ServerResponse } from 'node:http';

const GRACE_MS = 10_000;
const TICK_MS = 1_000;

/** Bytes that were written and that the client has not taken yet. */
interface Pending {
  readonly response: ServerResponse;
  readonly untilMs: number;
}

/** Disconnects clients that do not take what is ready for them at a least rate: they hold a connection to the origin. */
export class SlowReaders {
  readonly #bytesPerSecond: number;
  readonly #now: () => number;
  readonly #pending = new Set<Pending>();
  #ticker: NodeJS.Timeout | undefined;

  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#now = now;
  }

  /** Watches a write until the returned function is called. */
  watch(response: ServerResponse, bytes: number): () => void {
    const pending = { response, untilMs: this.#now() + GRACE_MS + (bytes * 1000) / this.#bytesPerSecond };
    this.#pending.add(pending);
    this.#ticker ??= setInterval(() => this.tick(), TICK_MS).unref();
    return () => this.#pending.delete(pending);
  }

  tick(): void {
    const nowMs = this.#now();
    for (const pending of this.#pending) {
      if (pending.untilMs > nowMs) continue;
      this.#pending.delete(pending);
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
