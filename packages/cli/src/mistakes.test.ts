import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { READERS } from '@leakproof/sources';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { run } from './run.ts';

const here = mkdtempSync(join(tmpdir(), 'leakproof-mistakes-'));
afterAll(() => rmSync(here, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function leakproof(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  return { exit: await run(argv), out, err };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(here, name);
  writeFileSync(path, content);
  return path;
}

const directory = join(here, 'directory');
mkdirSync(directory);
const empty = file('empty', '');

/** Nothing of this is a contract, an identities file, a proof, a log, a recording, a capture, a stage or a key. */
const NONSENSE: Readonly<Record<string, string>> = {
  'a directory': directory,
  'a missing file': join(here, 'missing'),
  'a path below a file': join(empty, 'x'),
  'an empty file': empty,
  bytes: file('bytes', Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 37) % 256))),
  'a torn gzip file': file('torn.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])),
  prose: file('prose.txt', 'hello world\n'),
  null: file('null.json', 'null'),
  'a number': file('number.json', '7'),
  'a string': file('string.json', '"x"'),
  'a list': file('list.yaml', '[1, 2, 3]\n'),
  'an empty object': file('object.json', '{}'),
  'keys without values': file('nulls.yaml', 'leakproof:\nidentities:\ninputs:\nproof:\n'),
  'deep nesting': file('deep.json', '['.repeat(20_000)),
  'aliases that expand': file(
    'bomb.yaml',
    `a: &a [${'1,'.repeat(10)}]\nb: &b [${'*a,'.repeat(10)}]\nc: &c [${'*b,'.repeat(10)}]\nd: [${'*c,'.repeat(10)}]\n`,
  ),
  'an alias without an anchor': file('alias.yaml', 'a: *nowhere\n'),
  'tags and complex keys': file('tags.yaml', 'a: !!binary "%%%"\n? [1, 2]\n: 3\n'),
  'no finite number': file('infinite.yaml', 'leakproof: .inf\nidentities: -.nan\n'),
};

const CONTRACT = join(import.meta.dirname, '../../../examples/cadence/contract.yaml');
const IDENTITIES = join(import.meta.dirname, '../../../examples/cadence/identities.yaml');
let count = 0;
const fresh = (): string => join(here, `fresh-${(count += 1)}`);
const guard = (options: Record<string, string>): string[] => {
  const all = {
    '--contract': CONTRACT,
    '--log': fresh(),
    '--key-file': fresh(),
    '--listen': '127.0.0.1:0',
    ...options,
  };
  return ['guard', 'run', ...Object.entries(all).flat(), '--upstream', 'unused.test=127.0.0.1:1'];
};
const record = (...options: string[]): string[] => {
  const paths = { '--out': fresh(), '--ca-dir': fresh(), '--key-file': fresh() };
  const usual = ['--as', 'alice', '--port', '0', '--https-intercept', 'api.test'];
  return ['record', ...usual, ...Object.entries(paths).flat(), ...options];
};

/** Every verb, with one file in each place where it takes one. */
const VERBS: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'contract check': (path) => ['contract', 'check', path],
  'contract build': (path) => ['contract', 'build', path],
  'contract show': (path) => ['contract', 'show', '--plain', path],
  'contract diff, before': (path) => ['contract', 'diff', path, CONTRACT],
  'contract diff, after': (path) => ['contract', 'diff', CONTRACT, path],
  'contract test': (path) => ['contract', 'test', path],
  'scan, contract': (path) => ['scan', '--contract', path, '--identities', IDENTITIES],
  'scan, identities': (path) => ['scan', '--contract', CONTRACT, '--identities', path],
  'replay, proof': (path) => ['replay', path, '--contract', CONTRACT, '--identities', IDENTITIES],
  'guard run, contract': (path) => guard({ '--contract': path }),
  'ledger account': (path) => ['ledger', 'account', '--log', path],
  'ledger verify': (path) => ['ledger', 'verify', '--log', path],
  'map inventory': (path) => ['map', 'inventory', path],
  'map flow': (path) => ['map', 'flow', path],
  ...Object.fromEntries(
    READERS.map(({ id }) => [`map inventory --as ${id}`, (path: string) => ['map', 'inventory', '--as', id, path]]),
  ),
  'lab up, stage': (path) => ['lab', 'up', '--stage', path],
  'lab oracle, stage': (path) => ['lab', 'oracle', '--stage', path],
};

describe.each(Object.entries(VERBS))('%s', (_verb, argv) => {
  test.each(Object.entries(NONSENSE))('of %s is a mistake of its user, and says which', async (_what, path) => {
    const { exit, out, err } = await leakproof(...argv(path));
    expect([2, 3]).toContain(exit);
    expect(out + err).not.toMatch(/LP-INTERNAL|\n\s+at /);
    // The errors of a contract are the result of `contract check`, with positions.
    expect(out + err).toMatch(/^LP-[A-Z]|error|^Incomplete|^Inconclusive|no record|no writer/m);
  });
});

/** Paths that cannot be written, or hold something else. */
const { 'a directory': _directory, 'a missing file': _missing, ...FILES } = NONSENSE;
const NOT_WRITABLE: readonly (readonly [verb: string, argv: (path: string) => readonly string[], path: string])[] = [
  ...[directory, join(empty, 'x')].flatMap((path) => [
    ['contract build --out', (at: string) => ['contract', 'build', CONTRACT, '--out', at], path] as const,
    ['record --out', (at: string) => record('--out', at), path] as const,
    ['lab up --data', (at: string) => ['lab', 'up', '--members', '100', '--data', at], path] as const,
  ]),
  ...Object.values(FILES).flatMap((path) => [
    [
      'scan --out',
      (at: string) => ['scan', '--contract', CONTRACT, '--identities', IDENTITIES, '--out', at],
      path,
    ] as const,
    ['lab handouts --out', (at: string) => ['lab', 'handouts', '--out', at], path] as const,
    ['record --ca-dir', (at: string) => record('--ca-dir', at), path] as const,
    ['record --trust', (at: string) => record('--trust', at), path] as const,
    ['record --key-file', (at: string) => record('--key-file', at), path] as const,
    ['guard run --key-file', (at: string) => guard({ '--key-file': at }), path] as const,
  ]),
  ['record --key-file', (at) => record('--key-file', at), directory],
  ['record --trust', (at) => record('--trust', at), directory],
  ['guard run --key-file', (at) => guard({ '--key-file': at }), directory],
];
test.each(NOT_WRITABLE)('%s of what it cannot use is a mistake of its user', async (_verb, argv, path) => {
  const { exit, err } = await leakproof(...argv(path));
  expect([exit, err]).toEqual([2, expect.stringMatching(/^LP-(?!INTERNAL)/m)]);
});

test.each([empty, join(empty, 'x')])('guard run cannot use a file as its log: %#', async (path) => {
  const { exit, err } = await leakproof(...guard({ '--log': path }));
  expect([exit, err]).toEqual([3, expect.stringContaining('LP-LOG-WRITE')]);
});

test.each([
  ['lab', 'up', '--port', 'abc'],
  ['lab', 'up', '--port', '65536'],
  ['lab', 'up', '--internal-port', '-1'],
  ['lab', 'up', '--members', 'abc'],
  ['lab', 'up', '--seed', 'abc'],
  ['lab', 'handouts', '--out', fresh(), '--seed', '1.5'],
  ['map', 'inventory', empty, '--origin', 'http://a:99999'],
  ['map', 'inventory', empty, '--as', 'nothing'],
  ['scan', '--contract', CONTRACT, '--identities', IDENTITIES, '--resolve', 'a.test:80:1.2.3'],
  ['scan', '--contract', CONTRACT, '--identities', IDENTITIES, '--resolve', 'a.test:99999:127.0.0.1'],
  ['scan', '--contract', CONTRACT, '--identities', IDENTITIES, '--resolve', 'a.test:80:127.0.0.1:0'],
  guard({ '--listen': '127.0.0.1:99999' }),
  guard({ '--mode': 'off' }),
  record('--host', 'http://api.test/'),
  record('--host', 'a:b:c'),
  record('--host', '*'),
  record('--days', '366'),
  record('--port', '65536'),
  record('--resolve', 'a.test:99999:127.0.0.1'),
])('a wrong value of an option is a usage error: %j', async (...argv) => {
  const { exit, err } = await leakproof(...argv);
  expect([exit, err]).toEqual([2, expect.stringMatching(/^LP-(?!INTERNAL)|^error:/m)]);
});
