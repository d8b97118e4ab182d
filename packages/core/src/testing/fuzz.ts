import fc from 'fast-check';
import { ERROR_CODES } from '../error-codes.ts';

/** Seconds that each hostile test searches for: 2 by hand, more in CI (`FUZZ_SECONDS=60`). */
// oxlint-disable-next-line no-restricted-globals -- only tests are told this way
export const FUZZ_SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 2);

/** A test may run this long: the search, and one slow input after it. */
export const FUZZ_TIMEOUT_MS = FUZZ_SECONDS * 1_000 + 20_000;

/** The search stops at the time limit; a failure prints its seed. */
export function fuzzing(): fc.Parameters<unknown[]> {
  return {
    numRuns: 1_000_000,
    interruptAfterTimeLimit: FUZZ_SECONDS * 1_000,
    markInterruptAsFailure: false,
  };
}

/** Runs `run` and lets coded errors go by: bytes from outside may cause nothing else. */
export function onlyCoded(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in ERROR_CODES)
      return;
    throw error;
  }
}

/** A text with a few changes: parts cut out, doubled, swapped, or replaced by words that mean something in the language. */
export function mutated(texts: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(),
    length: fc.nat(12),
    kind: fc.nat(4),
    word: fc.constantFrom(...words),
    times: fc.integer({ min: 1, max: 60 }),
  });
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) => {
      let changed = text;
      for (const { at, length, kind, word, times } of changes) {
        const start = at % (changed.length + 1);
        const part = changed.slice(start, start + length);
        const middle = [word, '', part + part, word.repeat(times), word + part][kind] ?? '';
        changed = changed.slice(0, start) + middle + changed.slice(start + (kind === 2 || kind === 4 ? 0 : length));
      }
      return changed;
    });
}
