import { expect, test } from 'vitest';
import { Timeline } from '../testing/timeline.ts';
import { testDesk } from '../testing/test-desk.ts';
import { metricsOf } from './metrics.ts';
import { registerOf } from './register.ts';
import { allCases, statusLines } from './status.ts';

const valid = (start: string): Timeline =>
  new Timeline(start)
    .staff({ do: 'write', text: 'a' })
    .until(new Date(Date.parse(start) + 2 * 86_400_000).toISOString())
    .staff({ do: 'judge', to: 'valid', reason: '' });

test('the metrics of BOD 20-01 are those of the reports, and null where there is nothing', () => {
  const fixed = valid('2026-01-01T00:00:00Z').staff({ do: 'judge', to: 'accepted', reason: '' });
  fixed.staff({ do: 'fact', fact: 'fix-ready', reason: '' }).staff({ do: 'fact', fact: 'fix-deployed', reason: '' });
  fixed
    .until('2026-01-11T00:00:00Z')
    .staff({ do: 'write', text: 'b' })
    .staff({ do: 'close', resolution: 'fixed', reason: '' });
  const open = valid('2026-01-01T00:00:00Z').until('2026-05-01T00:00:00Z');
  const fresh = new Timeline('2026-04-30T00:00:00Z');
  const cases = [fixed, open, fresh].map(({ desk }, at) => ({ id: String(at), desk }));
  const metrics = metricsOf(cases, { nowMs: Date.parse('2026-05-01T00:00:00Z') });
  expect(metrics).toMatchObject({
    received: 3,
    valid: 2,
    openValid: 1,
    medianAgeOfOpenValid: 120,
    openValidOlderThan90: 1,
    olderThan90ByPriority: { 'not prioritised': 1 },
    medianTimeToValidate: 2,
    medianTimeToRemediate: 10,
    medianTimeToFirstResponse: 0,
  });
  expect(metrics.missedSteps).toBeGreaterThan(10);
  expect(metricsOf([], { nowMs: 0 }).medianAgeOfOpenValid).toBeNull();
  expect(
    metricsOf(cases, { nowMs: Date.parse('2026-05-01T00:00:00Z'), sinceMs: Date.parse('2026-04-01') }).received,
  ).toBe(1);
});

test('the register has every case, with the reason, the person and the counts of each judgement', () => {
  const judged = valid('2026-01-01T00:00:00Z').staff({
    do: 'breach',
    isBreach: false,
    reason: 'own accounts',
    people: 2,
    records: 3,
  });
  judged.staff({ do: 'notified', regime: 'gdpr-33', reference: 'x' });
  const entries = registerOf([
    { id: 'A', desk: judged.desk },
    { id: 'B', desk: valid('2026-01-02T00:00:00Z').desk },
  ]);
  expect(entries).toEqual([
    expect.objectContaining({
      case: 'A',
      judgement: 'no breach',
      reason: 'own accounts',
      person: 'ann',
      reliedOn: { people: 2, records: 3 },
      notified: ['gdpr-33'],
    }),
    expect.objectContaining({ case: 'B', judgement: 'not judged', reliedOn: null }),
  ]);
});

test('a missed deadline is public with program and dates, and without any detail; a publication ends it', async () => {
  const { desk, at } = await testDesk('2026-01-01T00:00:00Z');
  const { id } = await desk.submit({ report: { title: 'Canary title', text: 'canary text' }, channel: 'form' });
  await desk.staffDoes(id, 'ann', { do: 'judge', to: 'valid', reason: '' });
  at('2026-04-02T00:00:00Z');
  await desk.passTime();
  expect(await statusLines(desk.context)).toEqual([
    'Cadence security: reported on 2026-01-01, deadline 2026-04-01 (90 days), not published.',
  ]);
  await desk.staffDoes(id, 'ann', { do: 'publish', advisory: 'A', reason: '' });
  expect(await statusLines(desk.context)).toEqual([]);
  expect(await allCases(desk.context)).toHaveLength(1);
});
