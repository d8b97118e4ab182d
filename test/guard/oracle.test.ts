import { oracle, STAGES, walkPort } from '@leakproof/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cadence, startCadence } from '../support/cadence.ts';

/*
 * The guard in front of the lab, compared with the oracle cell by cell: a field is received if the origin returns it and the rules
 * of the lab allow it. Devices are left out: the contract has no principal kind for their keys yet.
 */

let cadence: Cadence;

beforeAll(async () => {
  cadence = await startCadence();
});
afterAll(() => cadence.close());

test.each(STAGES.map(({ name }) => name))(
  'in front of the origin in %s, nothing leaks and nobody loses what they are allowed',
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
