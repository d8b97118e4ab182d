import { setFlagsFromString } from 'node:v8';

/**
 * Sets flags of V8's garbage collector for a process that only runs the guard. To be called once, at its start. Reasons and
 * measurements: docs/decisions/0006.
 */
export function tuneGarbageCollector(): void {
  // Bodies lie outside the heap and are garbage once they are sent. V8 counts them as old memory and would mark the whole heap
  // many times a second, although the next scavenge frees them. Four times the live heap is the most that V8 ever allows.
  setFlagsFromString('--heap-growing-percent=300');
  // Almost nothing outlives a response; waiting for helper threads that have no core of their own takes longer than the work.
  setFlagsFromString('--no-parallel-scavenge');
}
