import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { run } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'map-look-'));
afterEach(() => vi.restoreAllMocks());

async function look(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  return { exit: await run(['map', 'look', ...argv]), out, err };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const exchange = (auth: string, target: string, body: unknown): string =>
  JSON.stringify({
    exchange: 1,
    request: { method: 'GET', scheme: 'http', authority: 'api.test', target, headers: [] },
    response: {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: { text: JSON.stringify(body) },
    },
    caller: { auth },
    provenance: { reader: 'har' },
  });
const PERSON = { id: 1, email: 'olga@example.org' };
const open = file('open.ndjson', exchange('anonymous', '/users', [PERSON, { id: 2, email: 'pia@example.org' }]));
const sound = file(
  'sound.ndjson',
  `${exchange('anonymous', '/rides', [{ id: 1, title: 'Hills' }])}\n${exchange('unknown', '/me', PERSON)}\n`,
);
const unknown = file('unknown.ndjson', exchange('unknown', '/me', PERSON));
const torn = file('torn.ndjson', `${exchange('anonymous', '/rides', [])}\nnot json\n`);
const description = (security: string): string =>
  `openapi: 3.0.3
info: { title: x, version: '1' }
components: { securitySchemes: { key: { type: http, scheme: bearer } } }
paths:
  /debug: { get: { ${security} responses: { '200': { description: x, content: { application/json: { schema: { type: object, properties: { password: {} } } } } } } } }
`;
const opened = file('opened.yaml', description(''));
const closed = file('closed.yaml', description('security: [{ key: [] }],'));

test('personal fields that callers without a login were given are findings, and no value is printed', async () => {
  const { exit, out } = await look(open);
  expect(exit).toBe(1);
  expect(out).toContain('  GET /users  (2 objects): /*/email contact.email\n');
  expect(out).not.toMatch(/olga|pia/);
});

test('what a description opens is a finding, and what it closes was not asked', async () => {
  const loose = await look(opened);
  expect([loose.exit, loose.out.includes('  GET /debug  (no security requirement): /password\n')]).toEqual([1, true]);
  const strict = await look(closed);
  expect(strict.exit).toBe(0);
  expect(strict.out).toContain('Not asked without a login: 1 operations\n  GET /debug\n');
});

test('a GraphQL schema cannot demand a login: alone it is inconclusive', async () => {
  const { exit, out } = await look(
    file('schema.graphql', 'type Query { user: User }\ntype User { id: ID, email: String }\n'),
  );
  expect([exit, out.includes('Query.user')]).toEqual([3, true]);
});

test('nothing is concluded from exchanges of callers that are not known', async () => {
  const { exit, out } = await look(sound);
  expect(exit).toBe(0);
  expect(out).toContain('1 exchanges were without a login; of 1 others the caller is not known');
  const alone = await look(unknown);
  expect([alone.exit, alone.err.includes('Inconclusive')]).toEqual([3, true]);
});

test('a file that could not be read as a whole is inconclusive, unless something was found', async () => {
  expect((await look(torn)).exit).toBe(3);
  expect((await look(torn, open)).exit).toBe(1);
});

test('it is one screen, whatever was found; --all shows the rest', async () => {
  const [head = '', operation = ''] = description('').split('  /debug');
  const many = file('many.yaml', head + Array.from({ length: 60 }, (_, at) => `  /thing${at}${operation}`).join(''));
  const { out } = await look(many);
  expect(out.split('\n').length).toBeLessThan(24);
  expect(out).toContain('more, --all shows them');
  expect((await look(many, '--all')).out).not.toContain('more, --all');
});

test('--json writes one document, with the same exit code', async () => {
  const { exit, out } = await look(open, '--json');
  expect(exit).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ anonymous: 1, open: [{ name: 'GET /users', objects: 2 }] });
});
