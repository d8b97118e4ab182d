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
  expect(out).toMatch(/member [0-9a-f]{16}\n {2}data of 1 others/);
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

test('rolling a log changes no figure of its account, and the columns are whole', async () => {
  const log = await logOf(ACCESS, END);
  const before = await leakproof('ledger', 'account', '--log', log, '--json');
  const rolled = await leakproof('ledger', 'roll', '--log', log);
  expect([rolled.exit, rolled.out]).toEqual([0, expect.stringContaining('1 facts of 1 segments')]);
  expect(await leakproof('ledger', 'account', '--log', log, '--json')).toEqual(before);
  const { exit, out } = await leakproof('ledger', 'verify', '--log', log);
  expect([exit, out.includes('whole')]).toEqual([0, true]);
});

test('there is no account of nothing, and nothing is never whole', async () => {
  const nothing = mkdtempSync(join(tmpdir(), 'leakproof-cli-'));
  onTestFinished(() => rmSync(nothing, { recursive: true }));
  const file = join(nothing, 'file.yaml');
  const exits = async (log: string): Promise<readonly (readonly [number, string])[]> => {
    const results = [];
    for (const verb of ['verify', 'account']) {
      const { exit, out, err } = await leakproof('ledger', verb, '--log', log);
      results.push([exit, `${out}${err}`] as const);
    }
    return results;
  };
  const empty = await exits(nothing);
  expect(empty).toEqual([
    [3, expect.stringContaining('no writer')],
    [3, expect.stringContaining('no record')],
  ]);
  for (const [exit, text] of await exits(await logOf())) expect([exit, text.includes('no record')]).toEqual([3, true]);
  writeFileSync(file, 'x');
  for (const typo of [join(nothing, 'typo'), file, join(file, 'log')]) {
    for (const [exit, text] of await exits(typo))
      expect([exit, text.includes('LP-FILE-UNREADABLE')]).toEqual([2, true]);
  }
});

test.each([
  ['--principal', 'alice', 'this principal'],
  ['--field', 'User.agee', 'this field'],
  ['--operation', 'GET /user/{id}', 'this operation'],
  ['--server', 'uk', 'this server'],
])('an account of what no record has says so, and exits 3: %s %s', async (option, value, text) => {
  const log = await logOf(ACCESS, END);
  const { exit, out } = await leakproof('ledger', 'account', '--log', log, option, value);
  expect([exit, out.includes(text)]).toEqual([3, true]);
  const json = await leakproof('ledger', 'account', '--log', log, option, value, '--json');
  expect([json.exit, JSON.parse(json.out)]).toMatchObject([3, { unmatched: [option.slice(2)] }]);
});

test.each([
  ['--since', '2021-02-30'],
  ['--until', '2021'],
  ['--since', '5'],
])('%s %s is a usage error', async (option, value) => {
  const { exit, err } = await leakproof('ledger', 'account', '--log', await logOf(ACCESS), option, value);
  expect([exit, err.includes('LP-USAGE')]).toEqual([2, true]);
});

test('a period that ends before it begins is a usage error', async () => {
  const log = await logOf(ACCESS, END);
  const period = ['--since', '2021-03-01', '--until', '2021-02-01'];
  expect((await leakproof('ledger', 'account', '--log', log, ...period)).exit).toBe(2);
});

test('a person is asked for and erased by id; a hold, a mark and a retention are recorded', async () => {
  const { tokenizer, tokenKey } = await import('@leakproof/tokens');
  const keyFile = join(mkdtempSync(join(tmpdir(), 'leakproof-cli-')), 'key');
  const alice = tokenizer(tokenKey(keyFile))({ kind: 'person', space: 'us', id: '7' });
  const log = await logOf(
    { ...ACCESS, facts: ACCESS.facts.map((facts) => ({ ...facts, tokens: [alice, 'bob'] })) },
    END,
  );
  const person = ['--id', 'person:us:7', '--key-file', keyFile, '--log', log];
  expect((await leakproof('ledger', 'account', ...person)).out).toContain('data of 1 others');
  await leakproof('ledger', 'roll', '--log', log);
  expect((await leakproof('ledger', 'hold', 'case', '2021-02-01', '2021-02-03', '--log', log)).exit).toBe(0);
  const held = await leakproof('ledger', 'erase', ...person);
  expect([held.exit, held.err.includes('LP-LEDGER-HELD')]).toEqual([3, true]);
  const kept = await leakproof('ledger', 'expire', '--log', log);
  expect([kept.exit, kept.out.includes('kept by the hold "case"')]).toEqual([3, true]);
  await leakproof('ledger', 'release', 'case', '--log', log);
  const erased = await leakproof('ledger', 'erase', ...person);
  // The newest segment of a writer cannot be removed.
  expect([erased.exit, erased.out]).toEqual([3, expect.stringContaining('1 records in 1 files')]);
  expect((await leakproof('ledger', 'account', '--log', log)).out).toContain('data of 1 others');
  expect((await leakproof('ledger', 'mark', 'sam', '--as', 'scanner', '--log', log)).exit).toBe(0);
  expect((await leakproof('ledger', 'account', '--log', log)).out).toContain('left out');
  expect((await leakproof('ledger', 'verify', '--log', log)).exit).toBe(0);
});

test('a token is revealed with a reason and both halves of the key', async () => {
  const { openEscrow } = await import('@leakproof/tokens');
  const folder = mkdtempSync(join(tmpdir(), 'leakproof-cli-'));
  const log = await logOf(ACCESS, END);
  const keys = [
    '--escrow',
    join(folder, 'sealed'),
    '--escrow-key',
    join(folder, 'a'),
    '--second-key',
    join(folder, 'b'),
  ];
  expect((await leakproof('ledger', 'escrow', ...keys)).exit).toBe(0);
  const escrow = openEscrow(join(folder, 'sealed'));
  escrow.add({ kind: 'person', space: 'us', id: '7' }, 'AAAAAAAAAAAAAAAAAAAAAA');
  escrow.close();
  const { exit, out } = await leakproof('ledger', 'reveal', '0000000000000000', '--reason', 'x', '--log', log, ...keys);
  expect([exit, out]).toEqual([0, 'person:us:7\n']);
  const half = await leakproof('ledger', 'reveal', '00', '--reason', 'x', '--log', log, ...keys.slice(0, 4));
  expect([half.exit, half.err.includes('LP-ESCROW-KEY')]).toEqual([2, true]);
});

test('an account is written as a page to print, and its owners as CSV, which the ledger records', async () => {
  const log = await logOf(ACCESS, END);
  const [page, csv] = [join(log, 'page.html'), join(log, 'owners.csv')];
  const { exit } = await leakproof(
    'ledger',
    'account',
    '--log',
    log,
    '--html',
    page,
    '--csv',
    csv,
    '--field',
    'User.age',
  );
  expect(exit).toBe(0);
  const html = readFileSync(page, 'utf8');
  expect([html.match(/<figure>/g)?.length, html.includes('field: User.age.')]).toEqual([3, true]);
  expect(readFileSync(csv, 'utf8')).toMatch(
    /^kind,token,records,forbidden,first,last\r\n"person",[0-9a-f]{16},1,1,2021-02-02T00:00:00.000Z,2021-02-02T00:00:00.000Z\r\n$/,
  );
  expect(readFileSync(join(log, 'columns/manifest.ndjson'), 'utf8')).toContain('"what":"owners.csv"');
});
