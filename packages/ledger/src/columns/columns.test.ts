import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { listLogSegments } from '@leakproof/log';
import { describe, expect, test } from 'vitest';
import { foldAccount } from '../fold-account.ts';
import { verifyLedger } from '../ledger.ts';
import { ask, rollLog } from '../testing/in-this-process.ts';
import { access, append, DAY, end, freshLedger, HOUR_MS, smallLog, token } from '../testing/ledger-directory.ts';
import { comparable } from '../testing/figures-of.ts';
import { randomRecords } from '../testing/random-records.ts';
import { ledgerState } from './ledger-state.ts';
import { columnsFolder, readManifest } from './manifest.ts';
import { FACT_COLUMNS } from './schema.ts';
import { token64 } from './token64.ts';

const NOW = { nowMs: DAY + 10 * 24 * HOUR_MS };
const ROLL = { ...NOW, keepLogMs: 0 };

async function readAll(directory: string, kind: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const file of ledgerState(readManifest(directory)).files.values()) {
    if (file.kind !== kind) continue;
    const buffer = await asyncBufferFromFile(join(columnsFolder(directory), file.path));
    rows.push(...(await parquetReadObjects({ file: buffer, compressors })));
  }
  return rows;
}

describe('the columns of a log', () => {
  test('answer as the records do, wherever the log is rolled and merged', async () => {
    const records = randomRecords(7, 240, 2);
    const directory = freshLedger();
    const log = smallLog(directory);
    const questions = [
      {},
      { operation: 'Query.user' },
      { server: 'uk', sinceMs: DAY + 20 * HOUR_MS },
      { untilMs: DAY + 30 * HOUR_MS, principal: 'anonymous' },
      { server: 'nowhere' },
    ];
    for (let from = 0; from < records.length; from += 120) {
      const part = records.slice(0, from + 120);
      await append(log, ...records.slice(from, from + 120));
      for (const question of questions.slice(0, 2))
        expect(comparable(await ask(directory, 'account', { ...NOW, ...question }))).toEqual(
          comparable(foldAccount(part, question)),
        );
      const mergeBeforeDay = from === 120 ? '2021-05-06' : undefined;
      await rollLog({ directory, ...ROLL, mergeBeforeDay });
      for (const question of questions)
        expect(comparable(await ask(directory, 'account', { ...NOW, ...question }))).toEqual(
          comparable(foldAccount(part, question)),
        );
    }
    await log.close();
    await rollLog({ directory, ...ROLL, mergeBeforeDay: '2021-06-01' });
    for (const field of ['User.age', 'User.profile.city', 'a,b'])
      expect(comparable(await ask(directory, 'account', { ...NOW, fields: [field] }))).toEqual(
        comparable(foldAccount(records, { field })),
      );
    expect(await verifyLedger(directory)).toMatchObject({ whole: true, isEmpty: false });
  });

  test('are read by another reader, with every fact once', async () => {
    const directory = freshLedger();
    const log = smallLog(directory);
    await append(log, access('1', [{ tokens: [token('alice'), token('bob')], seen: ['id', 'a,b'] }]), end('1'));
    await append(log, access('2', [], { time: DAY + HOUR_MS }));
    await log.close();
    await rollLog({ directory, ...ROLL });
    const rows = await readAll(directory, 'facts');
    expect(rows.map(({ ts, owner, seen, ended }) => [ts, owner, seen, ended])).toEqual([
      [new Date(DAY), token64(token('alice')), 'id,a%2Cb', 'complete'],
      [new Date(DAY), token64(token('bob')), 'id,a%2Cb', 'complete'],
      [new Date(DAY + HOUR_MS), null, '', 'unfinished'],
    ]);
    const [file] = [...ledgerState(readManifest(directory)).files.values()];
    const { schema, key_value_metadata: about } = await parquetMetadataAsync(
      await asyncBufferFromFile(join(columnsFolder(directory), file?.path ?? '')),
    );
    expect(schema.slice(1).map(({ name }) => name)).toEqual(FACT_COLUMNS.map(([name]) => name));
    expect(schema.find(({ name }) => name === 'ts')?.logical_type).toMatchObject({
      type: 'TIMESTAMP',
      unit: 'MICROS',
      isAdjustedToUTC: true,
    });
    expect(schema.every(({ converted_type: type }) => !String(type).startsWith('UINT'))).toBe(true);
    expect(about).toContainEqual({ key: 'format', value: 'leakproof-facts-1' });
  });

  test('name every rolled segment in the manifest; the log keeps the newest, and those that are young', async () => {
    const directory = freshLedger();
    const log = smallLog(directory, DAY, 1024);
    for (let index = 0; index < 8; index++) await append(log, access(String(index), [{}]));
    await rollLog({ directory, nowMs: Date.now(), keepLogMs: HOUR_MS });
    const before = listLogSegments(directory).length;
    expect((await rollLog({ directory, nowMs: Date.now() + 2 * HOUR_MS, keepLogMs: HOUR_MS })).removedSegments).toBe(
      before - 1,
    );
    expect(listLogSegments(directory)).toMatchObject([{ isNewest: true }]);
    await append(log, access('last', [{ tokens: [token('carol')] }]));
    await log.close();
    expect((await ask(directory, 'account', NOW)).totals).toMatchObject({ owners: 2, records: 9 });
    const { totals } = await ask(directory, 'account', NOW);
    expect(totals.responses).toEqual({ complete: 0, cutOff: 0, unfinished: 9 });
  });

  test('hold the end of a response that was rolled before it ended', async () => {
    const directory = freshLedger();
    const log = smallLog(directory);
    await append(log, access('1', [{}]));
    await log.close();
    await rollLog({ directory, ...ROLL });
    const later = smallLog(directory);
    await append(later, access('1', [{ tokens: [token('bob')] }]), end('1', 'cut-off'));
    expect((await ask(directory, 'account', NOW)).totals.responses).toEqual({ complete: 0, cutOff: 1, unfinished: 0 });
    await later.close();
    await rollLog({ directory, ...ROLL, mergeBeforeDay: '2021-06-01' });
    expect((await ask(directory, 'account', NOW)).totals.responses).toEqual({ complete: 0, cutOff: 1, unfinished: 0 });
    expect((await readAll(directory, 'facts')).map(({ ended }) => ended)).toEqual(['cut-off', 'cut-off']);
  });

  test('find one owner through the index, and without it', async () => {
    const records = randomRecords(3, 400);
    const directory = freshLedger();
    const log = smallLog(directory);
    await append(log, ...records.slice(0, 300));
    await rollLog({ directory, ...ROLL, mergeBeforeDay: '2021-05-06' });
    await append(log, ...records.slice(300));
    const owner = token('o7');
    const history = await ask(directory, 'ownerHistory', { ...NOW, owner });
    let expected = 0;
    for (const record of records)
      if (record.type === 'access')
        for (const { tokens } of record.facts) expected += tokens.filter((each) => each === owner).length;
    expect(history.reduce((sum, { times }) => sum + times, 0)).toBe(expected);
    expect(expected).toBeGreaterThan(5);
    await log.close();
    const account = await ask(directory, 'account', { ...NOW, owner });
    expect(account.totals.records).toBe(expected);
  });

  test('the index has each row of each owner, in the order of owners', async () => {
    const directory = freshLedger();
    const log = smallLog(directory);
    await append(log, ...randomRecords(5, 200, 1));
    await log.close();
    await rollLog({ directory, ...ROLL, mergeBeforeDay: '2021-06-01' });
    const facts = await readAll(directory, 'facts');
    const index = await readAll(directory, 'owners');
    const owners = index.map(({ owner }) => owner as bigint);
    expect(owners).toEqual([...owners].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(index.map(({ row }) => facts[Number(row)]?.['owner'])).toEqual(owners);
    expect(index.length).toBe(facts.filter(({ owner }) => owner !== null).length);
  });
});

test('the manifest is a chain: each line has the hash of the line before', async () => {
  const directory = freshLedger();
  const log = smallLog(directory);
  await append(log, ...randomRecords(1, 50));
  await log.close();
  await rollLog({ directory, ...ROLL, mergeBeforeDay: '2021-06-01' });
  const { lines, head } = readManifest(directory);
  expect(lines.map((line) => line.do)).toContain('merge');
  expect(readFileSync(join(columnsFolder(directory), 'manifest.ndjson'), 'utf8')).toContain(lines.at(-1)?.previous);
  expect((await verifyLedger(directory)).columns.head).toBe(head);
});
