import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../run.ts';

afterEach(() => vi.restoreAllMocks());

const CONTRACT = `
leakproof: 1
api: { servers: { one: { rest: 'http://api.test' } } }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'http://api.test/jwks', algorithms: [ES256] }, id: claims.sub, ids: person }
relations: { friend: { of: person, lookup: POST /x } }
states: { private: { of: person, lookup: POST /x } }
resources:
  User:
    owner: id
    see: member
    fields: { id: member, city: { see: member, narrow: { private: [self, friend] } }, weight: self, secret: nobody }
operations:
  GET /users/{id}: { by: member, returns: User }
  GET /mine/{id}: { by: self, owner: { of: 'GET /users/{id}' }, returns: User }
`;
const USER = { id: '7', city: 'Ulm', weight: 81_234, secret: 's3cret-value', 'zoe@example.test': 1 };

const entry = (path: string, body: unknown): object => ({
  request: { method: 'GET', url: `http://api.test${path}`, headers: [] },
  response: { status: 200, headers: [], content: { mimeType: 'application/json', text: JSON.stringify(body) } },
});

interface Explained {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function explain(entries: readonly object[], ...options: readonly string[]): Promise<Explained> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-explain-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [contract, capture] = [join(directory, 'contract.yaml'), join(directory, 'capture.har')];
  writeFileSync(contract, CONTRACT);
  writeFileSync(capture, JSON.stringify({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries } }));
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  return { exit: await run(['explain', capture, '--contract', contract, ...options]), out, err };
}

const lineOf = (out: string, field: string): string =>
  out.split('\n').find((line) => line.trim().startsWith(`${field} `)) ?? '';

test('the owner is allowed its own fields, and what is for nobody is withheld with the reason', async () => {
  const { exit, out } = await explain([entry('/users/7', USER)], '--as', 'member:7');
  expect(exit).toBe(1);
  expect(out).toContain('GET /users/{id} at one');
  expect(lineOf(out, 'weight')).toContain('✓ allowed');
  expect(lineOf(out, 'secret')).toContain('✗ withheld: the caller is in no relation that may see it');
  expect(out).toContain('1 members that the contract does not declare');
});

test('what depends on an unknown state is said, with the option that decides it', async () => {
  const { exit, out } = await explain([entry('/users/7', USER)], '--as', 'member:9');
  expect(exit).toBe(3);
  expect(out).toContain('unknown: friend, private; say it with --assume or --assume-not');
});

test.each([
  [['--assume-not', 'private', '--assume-not', 'friend'], '✓ allowed'],
  [['--assume', 'private', '--assume', 'friend'], '✓ allowed'],
  [['--assume', 'private', '--assume-not', 'friend'], '✗ withheld: the owner is private'],
])('what is assumed decides: %o', async (options, ruling) => {
  const { exit, out } = await explain([entry('/users/7', USER)], '--as', 'member:9', ...options);
  expect(lineOf(out, 'city')).toContain(ruling);
  expect(exit).toBe(1);
});

test('a caller without a credential is refused, and nothing of the response is for it', async () => {
  const { exit, out } = await explain([entry('/users/7', USER)]);
  expect(exit).toBe(1);
  expect(out).toContain('✗ refused with 401 LP-CALLER-UNKNOWN');
  expect(out).toContain('✗ withheld, all 4 fields');
});

test('an operation whose owner is learnt from another request is not decided by this one', async () => {
  const { exit, out } = await explain([entry('/mine/7', { id: '7' })], '--as', 'member:7');
  expect(out).toContain('LP-OWNER-UNKNOWN');
  expect(exit).toBe(3);
});

test('what is allowed as a whole ends with 0, and a request outside the contract with 1', async () => {
  const all = ['--as', 'member:7', '--assume-not', 'private'];
  expect((await explain([entry('/users/7', { id: '7', weight: 1 })], ...all)).exit).toBe(0);
  const { exit, out } = await explain([entry('/nothing', {})], ...all);
  expect(exit).toBe(1);
  expect(out).toContain('LP-OPERATION-UNDECLARED');
});

test('no value, no id and no key of a body is printed', async () => {
  for (const format of [[], ['--json']]) {
    const { out } = await explain([entry('/users/7', USER)], '--as', 'member:9', ...format);
    expect(out).toContain('secret');
    for (const value of ['Ulm', '81234', 's3cret-value', 'zoe@example.test', '/users/7'])
      expect(out).not.toContain(value);
  }
});

test.each([
  [['--as', 'admin:7'], 'Use one of member:ID.'],
  [['--as', 'member:'], 'Use one of member:ID.'],
  [['--assume', 'hidden'], 'Use one of friend, private.'],
  [['--as', 'member:7', '--space', 'mars'], 'Use one of all.'],
])('%o is a mistake of the user, with the choices', async (options, fix) => {
  const { exit, err } = await explain([entry('/users/7', USER)], ...options);
  expect(exit).toBe(2);
  expect(err).toContain(fix);
});

test('a capture without requests explains nothing', async () => {
  expect((await explain([])).exit).toBe(3);
});
