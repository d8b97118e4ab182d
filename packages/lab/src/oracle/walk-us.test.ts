import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGES } from '../rules/drifts.ts';
import { openRegionWalk, type RegionWalk } from './walk-region.ts';

let region: RegionWalk;
beforeAll(async () => {
  region = await openRegionWalk('us');
});
afterAll(() => region.close());

describe.each(STAGES.map(({ name }) => name))('in the stage %s, in the us', (stage) => {
  test('every cell of the oracle is answered as it says, by plain HTTP', { timeout: 90_000 }, async () => {
    const { walked, wrong } = await region.walk(stage);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(walked).toBeGreaterThan(50_000);
  });
});
