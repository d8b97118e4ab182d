import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { run } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'prove-'));
const SECRETS = { alice: 'secret-of-alice-4471', bob: 'secret-of-bob-9902' } as const;
const IDS = { alice: '5f0a1b2c-0001-4a7e-9d10-aaaaaaaaaaaa', bob: '5f0a1b2c-0002-4a7e-9d10-bbbbbbbbbbbb' } as const;

const server = createServer((request, response) => {
  const name = (['alice', 'bob'] as const).find((each) => request.headers.authorization === `Bearer ${SECRETS[each]}`);
  const asked = Object.entries(IDS).find(([, id]) => request.url === `/users/${id}`)?.[0];
  const who = request.url === '/me' ? name : asked;
  response.writeHead(name === undefined ? 401 : who === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(
      name === undefined || who === undefined
        ? { error: 'no' }
        : { id: IDS[who as keyof typeof IDS], email: `${who}.zq7k@example.test`, bio: `bio of ${who} 8f2a11` },
    ),
  );
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function prove(stdin: string, ...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([Buffer.from(stdin)]) as typeof process.stdin);
  return { exit: await run(['prove', ...argv]), out, err };
}

const copied = (name: keyof typeof SECRETS): string =>
  `curl '${origin}/me' -H 'Authorization: Bearer ${SECRETS[name]}'\ncurl '${origin}/users/${IDS[name]}' -H 'Authorization: Bearer ${SECRETS[name]}'\n`;
const answers = (): string => {
  const file = join(folder, 'answers.yaml');
  writeFileSync(file, 'User: self\nUser.contact: self\nMe: self\nMe.contact: self\n');
  return file;
};

test('what a description opens is shown before anything is planned or sent, also without a credential', async () => {
  const file = join(folder, 'api.json');
  const schema = { type: 'object', properties: { id: { type: 'string' }, email: { type: 'string' } } };
  const responses = { 200: { description: 'd', content: { 'application/json': { schema } } } };
  const paths = { '/users/{id}': { get: { security: [], responses } } };
  const info = { title: 't', version: '1' };
  writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info, servers: [{ url: origin }], paths }));
  const { exit, out, err } = await prove('', file);
  expect([exit, out]).toEqual([3, '']);
  expect(err).toMatch(
    /Return such fields without a login, by the description: 1 operations\n {2}GET \/users\/\{id\}.*email/,
  );
  expect(err).toContain('LP-CREDENTIAL-NONE');
});

test('a copied request on stdin and a variable are enough for a proof', async () => {
  vi.stubEnv('BOB_TOKEN', SECRETS.bob);
  const out = join(folder, 'out');
  const result = await prove(
    copied('alice'),
    '--as',
    'alice',
    '--other',
    'bob=BOB_TOKEN',
    '--answers',
    answers(),
    '--out',
    out,
  );
  expect(result.exit).toBe(1);
  expect(result.out).toMatch(/✗ \w+ GET \/users\/\{id\} to member/);
  expect(result.err).toContain(`Reads ${origin} as anonymous, alice, bob. Nothing is changed.`);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const texts = files.map((each) => readFileSync(join(each.parentPath, each.name), 'utf8'));
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['contract.yaml', 'identities.yaml', 'report.html']),
  );
  for (const text of [result.out, result.err, ...texts]) expect(text).not.toMatch(/secret-of|zq7k|8f2a11/);
});

test('the written contract and identities can be scanned, with the secrets where they say', async () => {
  const out = join(folder, 'out');
  const [contract, identities] = ['contract.yaml', 'identities.yaml'].map((name) => join(out, name)) as [
    string,
    string,
  ];
  vi.stubEnv('BOB_TOKEN', SECRETS.bob);
  vi.stubEnv('LEAKPROOF_COPIED_REQUEST', copied('alice'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await run(['scan', '--contract', contract, '--identities', identities])).toBe(1);
});

test('another capture is another identity, and its credentials are swapped as one set', async () => {
  const [alice, bob] = (['alice', 'bob'] as const).map((name) => {
    const file = join(folder, `${name}.curl`);
    writeFileSync(file, copied(name));
    return file;
  }) as [string, string];
  const { exit, out } = await prove(
    '',
    alice,
    '--as',
    'alice',
    '--other',
    `bob=@${bob}`,
    '--answers',
    answers(),
    '--json',
  );
  expect(exit).toBe(1);
  const { scan } = JSON.parse(out) as { scan: { cells: { attacker: string; verdict: string }[] } };
  expect(scan.cells.some(({ attacker, verdict }) => attacker === 'bob' && verdict === 'proven')).toBe(true);
});

test('without answers it is inconclusive, with the questions', async () => {
  vi.stubEnv('BOB_TOKEN', SECRETS.bob);
  const { exit, out } = await prove(copied('alice'), '--other', 'bob=BOB_TOKEN');
  expect(exit).toBe(3);
  expect(out).toContain('Who may see the e-mail addresses');
  expect(out).toMatch(/User\.contact: self/);
});

test.each([
  ['a variable that is not set', ['--other', 'bob=NO_SUCH_VARIABLE'], 2, 'is not set'],
  ['a secret in place of a variable', ['--other', 'bob=eyJhbGciOi.secret-of.x'], 2, 'is not set'],
  ['an --other without a name', ['--other', 'BOB'], 2, 'NAME=VARIABLE'],
  ['a file that does not exist', ['--other', 'bob=@no-such-file'], 2, 'cannot be read'],
  ['a name twice', ['--as', 'bob', '--other', 'bob=BOB_TOKEN'], 2, 'used twice'],
  ['a name that is reserved', ['--other', 'anonymous=BOB_TOKEN'], 2, 'reserved'],
  ['a server that is no URL', ['--server', 'localhost', '--other', 'bob=BOB_TOKEN'], 2, '--server'],
])('%s is a mistake, and no secret is repeated', async (_, argv, exit, message) => {
  vi.stubEnv('BOB_TOKEN', SECRETS.bob);
  const result = await prove(copied('alice'), ...argv);
  expect(result.exit).toBe(exit);
  expect(result.err).toContain(message);
  expect(result.out + result.err).not.toContain('secret-of');
});

test('servers that are not on this machine are refused, and need a confirmed plan', async () => {
  vi.stubEnv('BOB_TOKEN', SECRETS.bob);
  const remote = copied('alice').replaceAll(origin, 'http://192.0.2.1');
  const refused = await prove(remote, '--other', 'bob=BOB_TOKEN');
  expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining('LP-TARGET-REFUSED')]);
});

test('a copied request without a credential is inconclusive: who sent it is not known', async () => {
  const { exit, err } = await prove(`curl '${origin}/me'`);
  expect([exit, err]).toEqual([3, expect.stringContaining('LP-CREDENTIAL-NONE')]);
});
