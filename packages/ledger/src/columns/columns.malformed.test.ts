import { appendFileSync, copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lockDirectory } from '@leakproof/log';
import { expect, test } from 'vitest';
import { verifyLedger } from '../ledger.ts';
import { ask, rollLog } from '../testing/in-this-process.ts';
import { access, append, DAY, freshLedger, HOUR_MS, smallLog, token } from '../testing/ledger-directory.ts';
import { ledgerState } from './ledger-state.ts';
import { columnsFolder, readManifest } from './manifest.ts';

const NOW = { nowMs: DAY + 10 * 24 * HOUR_MS };
const ROLL = { ...NOW, keepLogMs: 0 };

/** A ledger with two owners at one hour, and one at the next. */
async function rolled(): Promise<{ readonly directory: string; readonly files: readonly string[] }> {
  const directory = freshLedger();
  const log = smallLog(directory);
  await append(log, access('1', [{ tokens: [token('alice'), token('bob')] }]));
  await append(log, access('2', [{ tokens: [token('carol')] }], { time: DAY + HOUR_MS }));
  await log.close();
  await rollLog({ directory, ...ROLL });
  const { files } = ledgerState(readManifest(directory));
  return { directory, files: [...files.keys()].map((path) => join(columnsFolder(directory), path)) };
}

function flip(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

test('a truncated file is reported with its length; the rest is counted', async () => {
  const { directory, files } = await rolled();
  truncateSync(files[0] ?? '', 100);
  const account = await ask(directory, 'account', NOW);
  expect(account.problems).toMatchObject([{ why: 'truncated', offset: 100, count: 2 }]);
  expect(account.totals.owners).toBe(1);
  expect((await verifyLedger(directory)).columns.breaks).toMatchObject([{ why: 'truncated', offset: 100 }]);
});

test('one flipped bit is reported, wherever it is; the rest is counted', async () => {
  for (const offset of [4, 200, -6]) {
    const { directory, files } = await rolled();
    const [, file = ''] = files;
    flip(file, offset < 0 ? readFileSync(file).length + offset : offset);
    const account = await ask(directory, 'account', NOW);
    expect(account.problems).toMatchObject([{ why: 'changed', count: 1 }]);
    expect(account.totals.owners).toBe(2);
    expect((await verifyLedger(directory)).whole).toBe(false);
  }
});

test('a file of somebody else is reported by verify, is in no figure, and is not removed', async () => {
  const { directory, files } = await rolled();
  const foreign = join(dirname(files[0] ?? ''), 'other.parquet');
  copyFileSync(files[0] ?? '', foreign);
  mkdirSync(join(columnsFolder(directory), 'notes'));
  writeFileSync(join(columnsFolder(directory), 'notes/a.txt'), 'a');
  expect((await ask(directory, 'account', NOW)).totals.records).toBe(3);
  await rollLog({ directory, ...ROLL });
  const { breaks } = (await verifyLedger(directory)).columns;
  expect(breaks.map(({ why }) => why)).toEqual(['foreign', 'foreign']);
});

test('a file that a crash left before the manifest named it is in no figure, and the next roll removes it', async () => {
  const { directory, files } = await rolled();
  const left = (files[0] ?? '').replace(/\d{8}\.parquet$/, '00000009.parquet');
  copyFileSync(files[0] ?? '', left);
  expect((await verifyLedger(directory)).columns).toMatchObject({ whole: true, leftovers: 1 });
  expect((await ask(directory, 'account', NOW)).totals.records).toBe(3);
  await rollLog({ directory, ...ROLL });
  expect((await verifyLedger(directory)).columns.leftovers).toBe(0);
});

test('a torn last line of the manifest is repaired by the next change; a changed line stops it', async () => {
  const { directory } = await rolled();
  const manifest = join(columnsFolder(directory), 'manifest.ndjson');
  appendFileSync(manifest, '{"number":2,"do":"ro');
  expect((await verifyLedger(directory)).columns.breaks).toMatchObject([{ why: 'torn', file: 'manifest.ndjson' }]);
  const log = smallLog(directory);
  await append(log, access('3', [{ tokens: [token('dora')] }]));
  await log.close();
  await rollLog({ directory, ...ROLL });
  expect((await verifyLedger(directory)).whole).toBe(true);
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"rows":2', '"rows":3'));
  expect((await verifyLedger(directory)).columns.breaks[0]).toMatchObject({ why: 'chain' });
  const more = smallLog(directory);
  await append(more, access('4', [{}]));
  await more.close();
  await expect(rollLog({ directory, ...ROLL })).rejects.toMatchObject({ code: 'LP-LEDGER-DAMAGED' });
});

test('two processes cannot roll one log at the same time', async () => {
  const { directory } = await rolled();
  const lock = lockDirectory(columnsFolder(directory));
  await expect(rollLog({ directory, ...ROLL })).rejects.toMatchObject({ code: 'LP-LEDGER-LOCKED' });
  lock?.release();
  await rollLog({ directory, ...ROLL });
});

test('damage of the log, records of another version and impossible times are counted with their place', async () => {
  const directory = freshLedger();
  const log = smallLog(directory);
  await append(log, access('1', [{}]), access('2', [{ tokens: [token('bob')] }], { time: -5 }));
  await append(log, access('3', [{ tokens: [token('carol')] }], { time: 1e300 }));
  await log.append({ count: 4, payload: Buffer.from('{"type":"newer"}') });
  await append(log, access('4', [{ tokens: [token('dora')] }]));
  await log.appendGap({ count: 6, reason: 'lost' });
  await log.close();
  flip(join(directory, 'w-0/00000001.log'), 160);
  const before = await ask(directory, 'account', NOW);
  await rollLog({ directory, ...ROLL });
  const after = await ask(directory, 'account', NOW);
  expect(after).toEqual(before);
  expect(after.totals).toMatchObject({ owners: 3, firstMs: DAY, lastMs: DAY });
  expect(after.unread).toEqual({ factsNotRecorded: 6, damaged: 1, unknownRecords: 1 });
  expect(after.problems.map(({ why }) => why).sort()).toEqual([
    'damaged',
    'impossible-time',
    'impossible-time',
    'unknown-record',
  ]);
  expect(after.problems.every(({ file, offset }) => file === 'w-0/00000001.log' && offset >= 104)).toBe(true);
});

test('a clock that goes back changes no figure', async () => {
  const directory = freshLedger();
  const log = smallLog(directory);
  for (const [index, hours] of [5, 3, 30, 4].entries())
    await append(log, access(String(index), [{ tokens: [token(`o${index}`)] }], { time: DAY + hours * HOUR_MS }));
  await log.close();
  await rollLog({ directory, ...ROLL, mergeBeforeDay: '2021-05-06' });
  const { totals } = await ask(directory, 'account', { ...NOW, untilMs: DAY + 24 * HOUR_MS });
  expect(totals).toMatchObject({ owners: 3, firstMs: DAY + 3 * HOUR_MS, lastMs: DAY + 5 * HOUR_MS });
});
