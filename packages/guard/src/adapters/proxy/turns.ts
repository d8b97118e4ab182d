/** A turn takes so long, in milliseconds; the step that passes it is completed. */
const TURN_MS = 1;
/** With more callers than these waiting, it takes as long as everything else since the last turn, up to a bound. */
const MANY = 64;
const MAX_TURN_MS = 10;

/**
 * Runs what may wait, first come first served, after the sockets were served in a turn of the event loop. Once much waits it takes
 * half of a busy process, so that less is waiting before requests become slow.
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
    const isBehind = this.#waiting.length - this.#next > MANY;
    const share = isBehind ? Math.min(now - this.#lastEnded, MAX_TURN_MS) : 0;
    this.#endsAt = now + Math.max(share, TURN_MS);
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
