/** So much of each turn of the event loop is for judging, in milliseconds; the step that passes it is completed. */
const MAX_TURN_MS = 1;

/** Runs what may wait, first come first served, after the sockets were served in a turn of the event loop. */
export class Turns {
  #waiting: (() => void)[] = [];
  #next = 0;
  #isRunning = false;
  #began = 0;

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
    this.#began = performance.now();
    this.#run();
  };

  #run(): void {
    const resolve = this.#waiting[this.#next++];
    resolve?.();
    // A callback of `nextTick` from within a microtask runs when there are no microtasks left: what was resolved has run.
    queueMicrotask(() => process.nextTick(this.#goOn));
  }

  readonly #goOn = (): void => {
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
      this.#isRunning = false;
      return;
    }
    if (this.#next > 1_024) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    if (performance.now() - this.#began < MAX_TURN_MS) this.#run();
    else setImmediate(this.#begin);
  };
}
