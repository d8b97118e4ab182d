import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeskConfig, openDesk } from '@leakproof/desk';
import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../packages/store/src/testing/postgres.ts';

/** The silence of 2021 on one database; returns what happened, without ids. */
async function silence(database: string): Promise<unknown> {
  let now = Date.parse('2021-01-20T15:00:00Z');
  const opened = await openDesk(DeskConfig.parse({ database }), { now: () => now });
  const { desk } = opened;
  onTestFinished(() => opened.close());
  const { id } = await desk.submit({
    report: { title: 'Any profile is open', text: 'x' },
    channel: 'form',
    files: [{ name: 'a', content: Uint8Array.of(0, 255) }],
  });
  await desk.staffDoes(id, 'ann', { do: 'write', text: 'Thank you.' });
  now = Date.parse('2021-01-22T15:00:00Z');
  await Promise.all(['one', 'two', 'three'].map((text) => desk.reporterWrites(id, text)));
  for (let day = 0; day < 105; day += 3) {
    now += 3 * 86_400_000;
    await desk.passTime();
  }
  const { row, events } = await desk.load(id);
  const texts = (await desk.load(id)).events.flatMap(({ body }) =>
    body.kind === 'reporter-message' ? [body.text] : [],
  );
  expect(texts.toSorted()).toEqual(['one', 'three', 'two']);
  expect(await desk.passTime()).toBe(0);
  return {
    row: { ...row, id: '', keyHash: '' },
    events: events.map(({ body, ...event }) => ({ ...event, body: body.kind === 'reporter-message' ? {} : body })),
  };
}

test('PostgreSQL and SQLite have the same history of the same case, to the millisecond', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-desk-'));
  const postgres = await startPostgres();
  onTestFinished(async () => {
    await postgres.close();
    rmSync(folder, { recursive: true });
  });
  const [one, two] = [await silence(join(folder, 'desk.db')), await silence(await postgres.database())];
  expect(two).toEqual(one);
  expect(JSON.stringify(one)).toContain('deadline-passed');
});
