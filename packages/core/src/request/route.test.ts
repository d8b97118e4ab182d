import { describe, expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { matchServer, matchOperation, routeOf } from './route.ts';

const contract = contractFrom(
  `
leakproof: 1
api:
  servers:
    all: { rest: 'http://api.example', graphql: 'http://api.example/graphql' }
    uk: { rest: 'http://api.example/uk/v1', ids: uk }
    port: { rest: 'https://api.example:8443/' }
  schema: s.graphql
operations:
  GET /: { by: anyone }
  GET /users/{id}: { by: anyone }
  GET /users/me: { by: anyone }
  GET /users/{id}/posts/{post}: { by: anyone }
  GET /users/me/{what}/{which}: { by: anyone }
  POST /users: { by: anyone }
  GET /only: { by: anyone, servers: [uk] }
`,
  { 's.graphql': 'type Query { a: Int }' },
);

function match(target: string, method = 'GET', authority = 'api.example') {
  const serverMatch = matchServer(contract, { method, authority, target });
  if ('type' in serverMatch) return serverMatch.status;
  const found = matchOperation(contract, serverMatch, method);
  return [
    serverMatch.server.name,
    serverMatch.protocol,
    found?.operation.name,
    Object.fromEntries(found?.parameters ?? []),
  ];
}

test.each([
  ['/', 'all', 'GET /', {}],
  ['/users/7', 'all', 'GET /users/{id}', { id: '7' }],
  ['/users/olga%20k', 'all', 'GET /users/{id}', { id: 'olga k' }],
  ['/users/me', 'all', 'GET /users/me', {}],
  ['/users/me/posts/1', 'all', 'GET /users/me/{what}/{which}', { what: 'posts', which: '1' }],
  ['/users/7/posts/1', 'all', 'GET /users/{id}/posts/{post}', { id: '7', post: '1' }],
  ['/uk/v1/users/7', 'uk', 'GET /users/{id}', { id: '7' }],
  ['/uk/v1/only', 'uk', 'GET /only', {}],
] as const)('%s reaches server %s: %s', (target, server, operation, parameters) =>
  expect(match(target)).toEqual([server, 'rest', operation, parameters]),
);

test('a literal goes before a parameter, whatever is declared between the two', () => {
  const between = contractFrom(`
operations:
  GET /clubs/{id}: { by: anyone }
  GET /ping: { by: anyone }
  GET /clubs/mine: { by: anyone }
`);
  const serverMatch = matchServer(between, { method: 'GET', authority: 'api.example', target: '/clubs/mine' });
  if ('type' in serverMatch) throw new Error(serverMatch.code);
  expect(matchOperation(between, serverMatch, 'GET')?.operation.name).toBe('GET /clubs/mine');
});

describe('what is not declared is not reached:', () => {
  test.each([
    ['another method', '/users', 'DELETE'],
    ['a method in small letters', '/users/7', 'get'],
    ['a longer path', '/users/7/x', 'GET'],
    ['a path in another case', '/USERS/7', 'GET'],
    ['the operation of another server', '/only', 'GET'],
    ['bytes that are no UTF-8', '/users/%ff', 'GET'],
  ])('%s', (_, target, method) => expect(match(target, method)).toEqual(['all', 'rest', undefined, {}]));
});

test('HEAD asks what GET asks', () =>
  expect(match('/users/7', 'HEAD')).toEqual(['all', 'rest', 'GET /users/{id}', { id: '7' }]));

describe('a server is found by its whole authority and the longest path:', () => {
  test.each([
    ['api.example', '/graphql', 'all', 'graphql'],
    ['api.example', '/graphql/x', 'all', 'rest'],
    ['api.example', '/uk/v1x', 'all', 'rest'],
    ['api.example:8443', '/users/7', 'port', 'rest'],
  ])('%s%s is %s by %s', (authority, target, server, protocol) =>
    expect([match(target, 'GET', authority)].flat().slice(0, 2)).toEqual([server, protocol]),
  );

  test.each(['evil-api.example', 'api.example.evil', 'api.example:80', '', 'API.example'])(
    '"%s" is nobody',
    (authority) => expect(match('/users/7', 'GET', authority)).toBe(404),
  );

  test('a target that could be read in two ways is not looked up', () => expect(match('/users/%2e%2e')).toBe(400));
});

describe('a segment of text and parameters', () => {
  const patterns = contractFrom(`
operations:
  GET /groups/{name}.json: { by: anyone }
  GET /groups/all.json: { by: anyone }
  GET /groups/{name}: { by: anyone }
  "GET /People('{id}')": { by: anyone }
  GET /gps/{lat},{lon}: { by: anyone }
  POST /jobs/{id}:cancel: { by: anyone }
  GET /files/{name}.{kind}: { by: anyone }
  GET /files/{name}: { by: anyone }
  GET /users/: { by: anyone }
`);
  const route = (line: string): unknown => {
    const [method = '', target = ''] = line.split(' ');
    const found = routeOf(patterns, { method, authority: 'api.example', target });
    if ('type' in found) return found.code;
    const { operation, parameters, rawParameters } = found.match ?? {};
    return operation && [operation.name, Object.fromEntries(parameters ?? []), Object.fromEntries(rawParameters ?? [])];
  };

  test.each([
    ['GET /groups/staff.json', 'GET /groups/{name}.json', { name: 'staff' }],
    ['GET /groups/all.json', 'GET /groups/all.json', {}],
    ['GET /groups/export', 'GET /groups/{name}', { name: 'export' }],
    ["GET /People('russell')", "GET /People('{id}')", { id: 'russell' }],
    ['GET /gps/40.1,-8.5', 'GET /gps/{lat},{lon}', { lat: '40.1', lon: '-8.5' }],
    ['POST /jobs/7:cancel', 'POST /jobs/{id}:cancel', { id: '7' }],
    ['GET /files/a%20b.txt', 'GET /files/{name}.{kind}', { name: 'a b', kind: 'txt' }],
    ['GET /users/', 'GET /users/', {}],
  ])('%s is %s', (line, name, parameters) =>
    expect(route(line)).toEqual([
      name,
      parameters,
      Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, encodeURIComponent(value)])),
    ]),
  );

  test.each([
    ['other text', 'GET /SecretDump'],
    ['another verb', 'POST /jobs/7:purge'],
    ['one value of two', 'GET /gps/abc'],
    ['no trailing slash', 'GET /users'],
  ])('is not %s', (_, line) => expect(route(line)).toBeUndefined());

  test.each([
    ['can be divided in two ways', 'GET /files/a.b.c'],
    ['can be divided in two ways once it is decoded', 'GET /gps/1%2C2,3'],
    ['is its text only once it is decoded', 'GET /People(%27russell%27)'],
  ])('a path that %s is of no operation, not even of a less specific one', (_, line) =>
    expect(route(line)).toBe('LP-REQUEST-AMBIGUOUS'),
  );

  test('both writings of a character can be declared', () => {
    const both = contractFrom(`
operations:
  "GET /People('{id}')": { by: anyone }
  "GET /People(%27{id}%27)": { by: anyone }
`);
    for (const target of ["/People('7')", '/People(%277%27)']) {
      const found = routeOf(both, { method: 'GET', authority: 'api.example', target });
      expect('match' in found && Object.fromEntries(found.match?.parameters ?? [])).toEqual({ id: '7' });
    }
  });
});
