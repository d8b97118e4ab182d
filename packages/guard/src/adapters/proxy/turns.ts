/** A turn takes at least and at most so long, in milliseconds; the step that passes it is completed. */
const MIN_TURN_MS = 1;
const MAX_TURN_MS = 10;

/**
 * Runs what may wait, first come first served, after the sockets were served in a turn of the event loop. It takes no longer than
 * everything else since the last time: half of a busy process, so that what waits becomes less before requests become slow.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #next = 0;
  #isRunning = false;
  #endsAt = 0;
  #lastEnded = 0;

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#isRunning) return;
      this.#isRunning = true;
      setImmediate(this.#begin);
    });
  }

  readonly #begin = (): void => {
    const now = performance.now();
    this.#endsAt = now + Math.min(Math.max(now - this.#lastEnded, MIN_TURN_MS), MAX_TURN_MS);
    this.#run();
  };

  #run(): void {
    const resolve = this.#waiting[this.#next++];
    resolve?.();
    // A callback of `nextTick` from within a microtask runs when there are no microtasks left: what was resolved has run.
    queueMicrotask(() => process.nextTick(this.#goOn));
  }

  readonly #goOn = (): void => {
    if (this.#next > 1_024) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    const hasMore = this.#next < this.#waiting.length;
    const now = performance.now();
    if (hasMore && now < this.#endsAt) {
      this.#run();
      return;
    }
    this.#lastEnded = now;
    this.#isRunning = hasMore;
    if (hasMore) setImmediate(this.#begin);
    else {
      this.#waiting = [];
      this.#next = 0;
    }
  };
}
