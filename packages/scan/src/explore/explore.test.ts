import { expect, test } from 'vitest';
import { bytesOf, type DeclaredHttpOperation, readBytes } from '@leakproof/sources';
import { curlExchanges, planSmall, proveSmall } from '../testing/prove-server.ts';
import { startSmallServer } from '../testing/small-server.ts';
import { destructiveWord } from './destructive-words.ts';
import { exploreTemplates, placesOf } from './explore-template.ts';
import { linksOf } from './follow-up.ts';
import { mayRepeat } from './may-send.ts';
import { ValuePool } from './value-pool.ts';

test.each([
  ['/users/deleteAll', 'delete'],
  ['/admin/reset_database', 'reset'],
  ['/auth/log-out', 'log out'],
  ['/v1/PurgeCache', 'purge'],
  ['/mail/send', 'mail'],
  ['/jobs?action=delete', 'delete'],
  ['/users%2Fdelete', 'delete'],
])('%s is called like an act', (name, word) => expect(destructiveWord(name)).toBe(word));

test.each(['/orders/7', '/books', '/users/{id}/settings', '/catalogue/dates', '/address', '/news', '/posts?page=2'])(
  '%s is not called like an act',
  (name) => expect(destructiveWord(name)).toBeUndefined(),
);

const POST = (body: string, target = '/graphql'): string =>
  `curl 'http://api.test${target}' -H 'Authorization: Bearer x' -H 'Content-Type: application/json' --data-raw '${body}'`;

test.each([
  ['a GET', `curl 'http://api.test/notes'`, [], true],
  ['a GraphQL query', POST('{"query":"query { me { id } }"}'), [], true],
  [
    'a GraphQL mutation',
    POST('{"query":"mutation { addNote(t: 1) { id } }"}'),
    [],
    'a GraphQL mutation may change data',
  ],
  [
    'a GraphQL query that is called like an act',
    POST('{"query":"{ deleteNote(id: 1) { id } }"}'),
    [],
    'its name has the word "delete"',
  ],
  [
    'a persisted GraphQL query',
    POST('{"extensions":{"persistedQuery":{"sha256Hash":"a"}}}'),
    [],
    'the document of its persisted query is not known',
  ],
  ['a POST', POST('{"q":1}', '/find'), [], 'POST may change data'],
  ['a POST that was confirmed by name', POST('{"q":1}', '/find'), ['POST /find'], true],
  [
    'a POST that was confirmed and is called like an act',
    POST('{"q":1}', '/notes/delete'),
    ['POST /notes/delete'],
    'its name has the word "delete"',
  ],
  ['a PUT, even if it was confirmed', `curl -X PUT 'http://api.test/find'`, ['PUT /find'], 'PUT may change data'],
])('%s: may it be sent?', async (_, curl, confirmed, expected) => {
  const [exchange] = await curlExchanges(curl);
  if (!exchange) throw new Error('The command is not read.');
  const { method, target } = exchange.request;
  const may = mayRepeat(exchange, `${method} ${target}`, new Set(confirmed));
  expect(may === true ? true : may.why).toBe(expected);
});

test('values fill the parameters that their names and places ask for, those of each caller in turn', () => {
  const pool = new ValuePool();
  pool.addOwn('bob', 'b-1', 'userid');
  pool.addOwn('alice', 'a-1', 'userid');
  pool.addOwn('alice', 'a-2', 'userid');
  pool.addOwn('alice', 'n-1', 'noteid');
  const values = (name: string, about: string): string[] =>
    pool.candidates({ name, about, sites: new Set() }).map(({ value }) => value);
  expect(values('id', 'users')).toEqual(['b-1', 'a-1', 'a-2']);
  expect(values('user_id', '')).toEqual(['b-1', 'a-1', 'a-2']);
  expect(values('id', 'notes')).toEqual(['n-1']);
  expect(values('id', 'orders')).toEqual([]);
});

test('links are followed at the origins of the input only', async () => {
  const [exchange] = await curlExchanges(`curl 'http://api.test/notes'`);
  const body = {
    next: '/notes?page=2',
    items: [
      { self: 'http://api.test/notes/7', avatar_url: 'http://api.test/a.png', url: 'http://evil.test/x' },
      { href: '//evil.test/y', link: 'http://user:pw@api.test/z', remove: { href: '/notes/7/delete' } },
    ],
  };
  const headers = [
    ['content-type', 'application/json'],
    ['link', '<http://api.test/notes?cursor=b>; rel="next", <http://evil.test/n>; rel="next"'],
  ] as const;
  const response = { status: 200, headers, body: Buffer.from(JSON.stringify(body)) };
  const links = exchange ? linksOf({ ...exchange, response }, ['http://api.test']) : [];
  expect(links.map(({ target, why }) => `${why} ${target}`).sort()).toEqual([
    'link /notes/7',
    'page /notes?cursor=b',
    'page /notes?page=2',
  ]);
});

async function declaredIn(text: string): Promise<DeclaredHttpOperation[]> {
  const declared: DeclaredHttpOperation[] = [];
  for await (const batch of readBytes(bytesOf('openapi.yaml', text)))
    for (const each of batch)
      if (each.type === 'operation' && each.operation.protocol === 'http') declared.push(each.operation);
  return declared;
}

const OPENAPI = `
openapi: 3.1.0
info: { title: x, version: '1' }
servers: [{ url: https://live.example.org/v1 }]
paths:
  /notes: { get: { parameters: [{ name: userId, in: query, schema: { type: string } }], responses: {} } }
  /notes/{id}: { get: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: {} } }
  /notes/{id}/purge: { get: { parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: {} } }
`;

test('a description of the live server is tried at the server of the input, with its base path', async () => {
  const declared = await declaredIn(OPENAPI);
  const origins = ['http://127.0.0.1:3000'];
  expect(placesOf(declared[0] ?? { servers: [], path: '' }, origins)).toEqual([
    { origin: origins[0], path: '/v1/notes' },
  ]);
  const inventory = { operations: [] } as never;
  const templates = exploreTemplates({ inventory, declared, origins }).map(
    ({ operation, query }) => `${operation}${query === undefined ? '' : ` ?${query}`}`,
  );
  expect(templates).toEqual(['GET /v1/notes ?userId', 'GET /v1/notes/{id}']);
});

test('pages are read within a limit, and every caller sends at most eight requests by one operation', async () => {
  const { origin, log } = await startSmallServer(({ path, target, caller }) => {
    if (caller === undefined) return { status: 401 };
    if (path === '/me') return { body: { id: `id-of-${caller}-000001`, email: `${caller}.zq7k@example.test` } };
    if (path !== '/notes') return { body: { id: path.slice(7), text: 'x' } };
    const page = Number(/page=(\d+)/.exec(target)?.[1] ?? 1);
    const items = Array.from({ length: 30 }, (_, index) => ({ id: page * 100 + index }));
    return { body: { items, next: `/notes?page=${page + 1}` } };
  });
  await proveSmall({ origin, targets: ['/me', '/notes'] });
  const alice = log.filter((each) => each.endsWith(' alice'));
  expect(alice.filter((each) => /GET \/notes\?page=/.test(each)).length).toBeLessThanOrEqual(6);
  const objects = new Set(alice.filter((each) => /GET \/notes\/\d+ /.test(each)));
  expect(objects.size).toBeGreaterThan(4);
  expect(objects.size).toBeLessThanOrEqual(10);
});

test('hosts of the input that no credential was sent to are not called', async () => {
  const { origin } = await startSmallServer(() => ({ status: 401 }));
  const plan = await planSmall({ origin, targets: ['/me'] });
  expect(plan.origins).toEqual([origin]);
});
