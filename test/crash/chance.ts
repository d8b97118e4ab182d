/** How often the guard is killed in one test: `KILLS=200` is the full run. */
export const KILLS = Number(process.env['KILLS'] ?? 12);

/** `SEED` is another course of chance. */
const SEED = Number(process.env['SEED'] ?? 1);

/** Numbers below a bound, the same for the same seed (Park and Miller). */
export function chance(): (below: number) => number {
  let state = SEED * 48_271;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/** The moment of a kill; nothing is expected to have happened by then. */
export function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
