import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord, type LogRecord } from '@leakproof/core';
import { openLog } from '@leakproof/log';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../run.ts';

afterEach(() => vi.restoreAllMocks());

async function leakproof(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  return { exit: await run(argv), out, err };
}

const ACCESS: LogRecord = {
  type: 'access',
  time: Date.parse('2021-02-02T00:00:00Z'),
  request: '1',
  server: 'us',
  operation: 'GET /users/{id}',
  principal: { kind: 'member', token: 'sam' },
  contract: 'digest',
  mode: 'monitor',
  facts: [
    {
      owner: 'person',
      tokens: ['alice'],
      role: undefined,
      about: false,
      resource: 'User',
      relations: ['anyone'],
      states: [],
      seen: ['id'],
      exposed: ['age'],
      withheld: [],
      undeclared: 0,
    },
  ],
};
const END: LogRecord = { type: 'end', time: ACCESS.time, requests: ['1'], ended: 'complete' };
const GAP: LogRecord = { type: 'gap', time: ACCESS.time, request: '2', code: 'LP-JSON-INVALID' };

async function logOf(...records: readonly LogRecord[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-cli-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const log = openLog({ directory, now: Date.now });
  for (const record of records) await log.append({ count: 1, payload: encodeRecord(record) });
  await log.close();
  return directory;
}

test('an account shows which fields of how many owners went to whom, allowed and forbidden', async () => {
  const { exit, out } = await leakproof('ledger', 'account', '--log', await logOf(ACCESS, END));
  expect(exit).toBe(0);
  expect(out).toMatch(/member sam\n {2}data of 1 others/);
  expect(out).toMatch(/User\.age of person +0 +1 +0 +0/);
  expect(out).toMatch(/User\.id of person +1 +0 +0 +0/);
  expect(out).toMatch(/GET \/users\/\{id\} \(us\) +1 +1/);
});

test('an account of a period without records is empty', async () => {
  const log = await logOf(ACCESS, END);
  const { out } = await leakproof('ledger', 'account', '--log', log, '--since', '2021-02-03', '--json');
  expect(JSON.parse(out)).toMatchObject({ principals: [] });
});

test('an account that is a lower bound says so, and exits 3', async () => {
  const { exit, out } = await leakproof('ledger', 'account', '--log', await logOf(ACCESS, END, GAP));
  expect(exit).toBe(3);
  expect(out).toMatch(/responses not judged: LP-JSON-INVALID +1/);
});

test('an invalid time is a usage error', async () => {
  const { exit, err } = await leakproof('ledger', 'account', '--log', await logOf(), '--since', 'soon');
  expect([exit, err.includes('LP-USAGE')]).toEqual([2, true]);
});

test('a log whose bytes were changed is broken', async () => {
  const log = await logOf(ACCESS, END);
  expect((await leakproof('ledger', 'verify', '--log', log)).exit).toBe(0);
  const folder = join(log, readdirSync(log).find((name) => name.startsWith('w-')) ?? '');
  const segment = join(
    folder,
    readdirSync(folder).find((name) => readFileSync(join(folder, name)).includes('alice')) ?? '',
  );
  const bytes = readFileSync(segment);
  bytes.write('eve  ', bytes.indexOf('alice'));
  writeFileSync(segment, bytes);
  const { exit, out } = await leakproof('ledger', 'verify', '--log', log);
  expect([exit, out.includes('broken')]).toEqual([3, true]);
});
