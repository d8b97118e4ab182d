import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGES } from '../rules/named-stages.ts';
import { openRegionWalk, type RegionWalk } from './walk-region.ts';

let region: RegionWalk;
beforeAll(async () => {
  region = await openRegionWalk('us');
});
afterAll(() => region.close());

describe.each(STAGES.map(({ name }) => name))('in the stage %s, region us', (stage) => {
  test('plain HTTP shows what every cell of the oracle says', { timeout: 90_000 }, async () => {
    const { walked, wrong } = await region.walk(stage);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(walked).toBeGreaterThan(50_000);
  });
});
