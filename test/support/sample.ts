/** What `npm run test:all` tries as a whole, and `npm test` in a sample. The seed is printed; `SAMPLE_SEED=…` draws the same again. */
export function sampleOf<T>(all: readonly T[], count: number): T[] {
  if (process.env['EXHAUSTIVE'] === '1' || all.length <= count) return [...all];
  const seed = Number(process.env['SAMPLE_SEED'] ?? Date.now() % 1_000_000);
  process.stderr.write(`A sample of ${count} of ${all.length}: SAMPLE_SEED=${seed}\n`);
  const rest = [...all];
  let state = seed % 2_147_483_647 || 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return rest.splice(state % rest.length, 1);
  }).flat();
}
