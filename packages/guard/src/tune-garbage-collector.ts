import { setFlagsFromString } from 'node:v8';

/**
 * Sets V8's collector up for a process that does nothing but guard. To be called once, when it starts. Why, and what it
 * brings: docs/decisions/0006.
 */
export function tuneGarbageCollector(): void {
  // Bodies lie outside the heap, and are garbage as soon as they are sent. V8 counts them with what is old, and would mark the
  // whole heap many times a second where a scavenge, which comes soon anyway, frees them all. To four times what is alive is
  // as far as V8 ever lets a heap grow by itself.
  setFlagsFromString('--heap-growing-percent=300');
  // Next to nothing outlives an answer. Helpers are not worth waiting for until the system has a core for them.
  setFlagsFromString('--no-parallel-scavenge');
}
