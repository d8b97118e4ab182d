/** How often each test kills a guard; the full run is `KILLS=200`. */
export const KILLS = Number(process.env['KILLS'] ?? 12);

/** Seed of the random numbers. */
const SEED = Number(process.env['SEED'] ?? 1);

/** A generator of numbers below a bound, the same for the same seed (Park and Miller). */
export function chance(): (below: number) => number {
  let state = SEED * 48_271;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/** A delay before a kill; no test expects anything to have happened by then. */
export function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
