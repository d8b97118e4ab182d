import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { run } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'map-'));
afterEach(() => vi.restoreAllMocks());

async function leakproof(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  return { exit: await run(argv), out, err };
}

const entry = (url: string, body: unknown): unknown => ({
  request: { method: 'GET', url, headers: [], queryString: [] },
  response: { status: 200, headers: [], content: { mimeType: 'application/json', text: JSON.stringify(body) } },
});
const har = join(folder, 'capture.har');
const CAR = '4bae9968-ec7f-4de3-a3a0-ba1b2ab5e5e5';
writeFileSync(
  har,
  JSON.stringify({
    log: {
      version: '1.2',
      entries: [
        entry('http://api.test/posts', { posts: [{ title: 'Hello', author: { nickname: 'olga', car: CAR } }] }),
        entry(`http://api.test/vehicle/${CAR}`, { place: 'Kirkwall', latitude: 58.98, longitude: -2.96 }),
        { request: {} },
      ],
    },
  }),
);
const openapi = join(folder, 'openapi.yaml');
writeFileSync(
  openapi,
  "openapi: 3.0.3\ninfo: { title: x, version: '1' }\npaths:\n  /posts: { get: { responses: { '200': { description: x } } } }\n",
);

test('map inventory lists what could not be read and what is undeclared before the rest', async () => {
  const { exit, out, err } = await leakproof('map', 'inventory', har, openapi);
  expect(exit).toBe(3);
  expect(err).toContain('1 × url-invalid');
  const [notRead, undeclared, host] = ['Not read', 'in no description', 'http://api.test  2 exchanges'].map((text) =>
    out.indexOf(text),
  );
  expect(notRead).toBeGreaterThanOrEqual(0);
  expect(undeclared).toBeGreaterThan(notRead ?? 0);
  expect(host).toBeGreaterThan(undeclared ?? 0);
  expect(out).toContain('GET /vehicle/{id}');
  expect(out).not.toMatch(/olga|Kirkwall|4bae9968/);
});

test('--fail-undeclared makes undeclared operations findings', async () => {
  expect((await leakproof('map', 'inventory', har, openapi, '--fail-undeclared')).exit).toBe(1);
});

test('--fail-undeclared without a description, or without traffic, compares nothing and is inconclusive', async () => {
  for (const file of [har, openapi]) {
    const { exit, err } = await leakproof('map', 'inventory', file, '--fail-undeclared');
    expect([exit, err.includes('nothing was compared')]).toEqual([3, true]);
  }
});

const CASES = join(import.meta.dirname, '../../../sources/src/readers');
const BROKEN = [
  'burp/cases/plain-and-broken/input.xml',
  'exchanges/cases/some-broken/input.ndjson',
  'postman/cases/odd-items/input.json',
  'log-envoy/cases/torn/input.txt',
].map((path) => join(CASES, path));
const torn = join(folder, 'torn.har');
writeFileSync(torn, readFileSync(har, 'utf8').slice(0, -9));
const lines = join(folder, 'access.log');
writeFileSync(
  lines,
  '192.0.2.1 - - [17/Jun/2016:23:00:33 +0000] "GET /posts HTTP/1.1" 200 2 "-" "curl"\n192.0.2.1 - "quote\n',
);
const json = join(folder, 'access.json');
writeFileSync(json, '{"method":"GET","uri":"/posts","status":200}\n{"method":"GET","uri":"/shad\n');
const brokenPaths = join(folder, 'broken.yaml');
writeFileSync(brokenPaths, readFileSync(openapi, 'utf8') + '  /shadow: 7\n');

const broken = [...BROKEN, torn, lines, json, brokenPaths].map((file) => [basename(file), file] as const);
test.each(broken)('what could not be read in %s makes every run inconclusive, and is named', async (_name, file) => {
  for (const argv of [[file], [file, openapi], [file, '--json']]) {
    const { exit, err } = await leakproof('map', 'inventory', ...argv);
    expect([exit, err.includes(file)]).toEqual([3, true]);
  }
  const { exit, err } = await leakproof('map', 'flow', file);
  expect([exit, err.includes(file)]).toEqual([3, true]);
});

test.each(broken)('--fail-undeclared is never green about %s', async (_name, file) => {
  const { exit, err } = await leakproof('map', 'inventory', file, openapi, '--fail-undeclared');
  expect([exit === 1 || exit === 3, err.includes(file)]).toEqual([true, true]);
});

const manyOperations = join(folder, 'many.yaml');
writeFileSync(
  manyOperations,
  `openapi: 3.0.3\ninfo: { title: x, version: '1' }\npaths:\n  /debug: { get: { responses: { '200': { description: x, content: { application/json: { schema: { type: object, properties: { password: {} } } } } } } } }\n${Array.from(
    { length: 43 },
    (_, at) => `  /thing${at}: { get: { responses: { '200': { description: x } } } }\n`,
  ).join('')}`,
);

test('a description alone says first which operations return personal-looking fields to anybody', async () => {
  const { exit, out } = await leakproof('map', 'inventory', manyOperations);
  expect(exit).toBe(0);
  expect(out.split('\n').slice(0, 3)).toEqual([
    'Declared without a security requirement, and returns personal-looking fields: 1',
    '  GET /debug  (no security requirement)',
    '      personal: /password',
  ]);
});

test('what is cut short is counted, and --all shows it', async () => {
  const { out } = await leakproof('map', 'inventory', manyOperations);
  expect([out.match(/GET \/thing/g)?.length, out.includes('… 23 more, --all shows them')]).toEqual([20, true]);
  const all = (await leakproof('map', 'inventory', manyOperations, '--all')).out;
  expect([all.match(/GET \/thing/g)?.length, all.includes('more')]).toEqual([43, false]);
});

const collection = join(folder, 'collection.json');
writeFileSync(
  collection,
  JSON.stringify({
    info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    variable: [{ key: 'base', value: 'http://api.test/v1' }],
    item: ['name1', 'name2', ''].flatMap((value, index) => [
      {
        request: {
          method: index === 0 ? 'GET' : 'DELETE',
          url: { raw: '{{base}}/users/:username?x=:y', variable: [{ key: 'username', value }] },
        },
      },
    ]),
  }),
);
const users = join(folder, 'users.yaml');
writeFileSync(
  users,
  "openapi: 3.0.3\ninfo: { title: x, version: '1' }\nservers: [{ url: 'http://api.test/v1' }]\npaths:\n  /users/{user}: { get: { responses: { '200': { description: x } } }, delete: { responses: { '200': { description: x } } } }\n",
);

test('path variables of a collection are parameters, by their names, and of a description if there is one', async () => {
  const alone = await leakproof('map', 'inventory', collection);
  expect(alone.out).toContain('  GET /v1/users/{username}\n');
  expect(alone.out).toContain('2 operations');
  const { exit, out } = await leakproof('map', 'inventory', collection, users, '--fail-undeclared');
  expect([exit, out.includes('GET /v1/users/{user}\n')]).toEqual([0, true]);
});

test('a request without a response is not answered, which is not refused', async () => {
  const { out } = await leakproof('map', 'inventory', collection);
  expect(out).toContain('1 ×; not answered: 1');
  expect(out).not.toContain('admitted');
});

test('--json writes one document', async () => {
  const { out } = await leakproof('map', 'inventory', har, '--json');
  expect((JSON.parse(out) as { operations: unknown[] }).operations).toHaveLength(2);
});

test('map flow shows which values of an operation are in requests of another', async () => {
  const { exit, out } = await leakproof('map', 'flow', har);
  expect(exit).toBe(3);
  expect(out).toContain('GET /posts response /posts/*/author/car');
  expect(out).toContain('GET /vehicle/{id} path id');
});

test('a file without exchanges is inconclusive, a missing one is a usage error', async () => {
  const empty = join(folder, 'empty.har');
  writeFileSync(empty, '{"log":{"version":"1.2","entries":[]}}');
  expect((await leakproof('map', 'inventory', empty, '--as', 'har')).exit).toBe(3);
  const missing = await leakproof('map', 'inventory', join(folder, 'none.har'));
  expect(missing.exit).toBe(2);
  expect(missing.err).toContain('LP-FILE-UNREADABLE');
});

test.each([
  [['record', '--as', 'alice', '--out', join(folder, 'a.rec')], 'LP-RECORD-OPTIONS'],
  [['record', '--as', 'alice', '--out', join(folder, 'a.rec'), '--host', 'a.test', '--days', '0'], 'LP-USAGE'],
  [
    ['record', '--as', 'alice', '--out', join(folder, 'a.rec'), '--host', 'a.test', '--resolve', 'nonsense'],
    'LP-USAGE',
  ],
  [
    ['record', '--as', 'alice', '--out', har, '--host', 'a.test', '--key-file', join(folder, 'k.key')],
    'LP-RECORDING-EXISTS',
  ],
])('%j is refused before anything is recorded', async (argv, code) => {
  const { exit, err } = await leakproof(...argv);
  expect(exit).toBe(2);
  expect(err).toContain(code);
});

const drafted = join(folder, 'draft.har');
writeFileSync(
  drafted,
  JSON.stringify({
    log: {
      version: '1.2',
      entries: [entry('http://api.test/users', [{ id: CAR, email: 'olga@example.org', city: 'Kirkwall' }])],
    },
  }),
);

test('map draft writes a contract that compiles, asks what is undecided, and prints no value', async () => {
  const contract = join(folder, 'contract.yaml');
  const { exit, err } = await leakproof('map', 'draft', drafted, '--out', contract);
  expect(exit).toBe(3);
  expect(err).toContain('are undecided');
  expect(`${readFileSync(contract, 'utf8')}${err}`).not.toMatch(/olga|Kirkwall|4bae9968/);
  const checked = await leakproof('contract', 'check', contract);
  expect(checked.exit).toBe(0);
  expect(checked.out).toBe('');
  expect(checked.err).toMatch(/[0-9]+ rules are undecided/);
});

test('map draft --json gives the rules with their evidence; an answers file that is wrong is a usage error', async () => {
  const { out } = await leakproof('map', 'draft', drafted, '--json');
  expect(JSON.parse(out)).toMatchObject({
    rules: expect.arrayContaining([expect.objectContaining({ because: 'undecided' })]) as unknown,
  });
  const answers = join(folder, 'answers.yaml');
  writeFileSync(answers, 'User: [x]\n');
  const { exit, err } = await leakproof('map', 'draft', drafted, '--answers', answers);
  expect(exit).toBe(2);
  expect(err).toContain('LP-ANSWERS-INVALID');
});
