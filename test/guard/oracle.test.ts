import { oracle, STAGES, walkPort } from '@leakproof/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cadence, startCadence } from '../support/cadence.ts';

/*
 * The guard before the lab, held against the oracle cell by cell: what arrives is what the origin released and its owner meant.
 * Of a device the guard knows no more than of anybody: the contract has no kind of principal for its key yet.
 */

let cadence: Cadence;

beforeAll(async () => {
  cadence = await startCadence();
});
afterAll(() => cadence.close());

test.each(STAGES.map(({ name }) => name))(
  'before the origin in %s, nothing leaks and nobody loses what they had',
  { timeout: 300_000 },
  async (stage) => {
    cadence.lab.setStage(stage);
    const guarded = await cadence.guard({ budgets: [], patient: true });
    const cells = oracle({ stage, regions: ['us'] })
      .filter(({ kind, channel }) => kind === 'read' && channel !== 'device')
      .map((cell) => ({ ...cell, released: cell.released && cell.meant }));
    const wrong = await walkPort(cadence.lab, guarded.guard.port, cells);
    const { faults, unrecorded } = guarded.guard.counts;
    await guarded.close();
    expect(cells.length).toBeGreaterThan(30_000);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect({ faults, unrecorded }).toEqual({ faults: 0, unrecorded: 0 });
  },
);
