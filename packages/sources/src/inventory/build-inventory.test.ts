import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Exchange } from '@leakproof/core';
import type { DeclaredHttpOperation } from '../reading/declared-operation.ts';
import { buildInventory } from './build-inventory.ts';
import { exchangeOf } from '../testing/exchange-of.ts';
import type { Inventory } from './inventory.ts';

function inventoryOf(exchanges: readonly Exchange[], declared: readonly DeclaredHttpOperation[] = []): Inventory {
  const builder = buildInventory();
  for (const operation of declared) builder.declare(operation);
  for (const exchange of exchanges) builder.add(exchange);
  return builder.finish();
}

const namesOf = (inventory: Inventory): readonly string[] => inventory.operations.map(({ name }) => name).sort();

function declare(name: string, more: Partial<DeclaredHttpOperation> = {}): DeclaredHttpOperation {
  const [method = 'GET', path = '/'] = name.split(' ');
  return {
    protocol: 'http',
    name,
    method,
    path,
    servers: [],
    tags: [],
    parameters: [],
    request: [],
    responses: [],
    security: undefined,
    deprecated: false,
    provenance: { reader: 'openapi', file: 'openapi.yaml', at: name },
    ...more,
  };
}

const user = (id: string | number, username: string): unknown => ({ id, username, location: 'Kirkwall', followers: 3 });
const list = (...ids: number[]): unknown => ({
  data: ids.map((id) => ({ id, title: 'A ride', minutes: 30 })),
  total: ids.length,
});

test.each([
  ['42', '97'],
  ['7c9e6679-7425-40de-944b-e07fc1f90ae7', '16fd2706-8baf-433b-82eb-8c7fada847da'],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01BX5ZZKBKACTAV9WEVGEMMVRZ'],
  ['507f1f77bcf86cd799439011', '507f191e810c19729de860ea'],
  ['9e107d9d372bb6826bd81d3542a419d6', 'e4d909c290d0fb1ca068ffaddf22cbd0'],
  ['jR3kLx9QwZ', 'Np5vT2mYcE'],
  ['olga%40example.org', 'ivan%40example.org'],
  ['us:42', 'uk:97'],
  ['VXNlcjo0Mg==', 'VXNlcjo5Nw=='],
])('ids such as %s and %s are one parameter', (one, other) => {
  const inventory = inventoryOf([one, other].map((id) => exchangeOf(`GET /users/${id}/rides`, { answer: list(1, 2) })));
  expect(namesOf(inventory)).toEqual(['GET /users/{id}/rides']);
});

test('names that come back in the returned object are values of one parameter, together with numeric ids', () => {
  const inventory = inventoryOf([
    exchangeOf('GET /api/user/7', { answer: user(7, 'olga') }),
    exchangeOf('GET /api/user/olga', { answer: user(7, 'olga') }),
    exchangeOf('GET /api/user/ivan', { answer: user(8, 'ivan') }),
  ]);
  expect(namesOf(inventory)).toEqual(['GET /api/user/{id}']);
  expect(inventory.operations[0]?.pathParameters).toEqual([
    { name: 'id', shapes: { int: 1, word: 2 }, evidence: ['echo', 'shape'] },
  ]);
});

test('/users/me stays separate from /users/{id} even if both have similar responses', () => {
  const inventory = inventoryOf([
    exchangeOf('GET /users/7', { answer: user(7, 'olga') }),
    exchangeOf('GET /users/8', { answer: user(8, 'ivan') }),
    exchangeOf('GET /users/olga', { answer: user(7, 'olga') }),
    exchangeOf('GET /users/me', { answer: user(7, 'olga') }),
    exchangeOf('GET /users/search', { answer: { data: [user(7, 'olga')], total: 1, page: 0 } }),
    exchangeOf('POST /users/invite', { answer: { sent: true } }),
  ]);
  expect(namesOf(inventory)).toEqual(['GET /users/me', 'GET /users/search', 'GET /users/{id}', 'POST /users/invite']);
});

test('literals below one object stay separate operations', () => {
  const exchanges = [1, 2, 3].flatMap((id) => [
    exchangeOf(`GET /api/user/${id}/followers`, { answer: { data: [], total: 0 } }),
    exchangeOf(`GET /api/user/${id}/following`, { answer: { data: [], total: 0 } }),
    exchangeOf(`GET /api/user/${id}/blocked`, { answer: { data: [], total: 0 } }),
    exchangeOf(`GET /api/user/${id}/settings`, { answer: { privacy: { age: true, weight: false } } }),
  ]);
  expect(namesOf(inventoryOf(exchanges))).toEqual([
    'GET /api/user/{id}/blocked',
    'GET /api/user/{id}/followers',
    'GET /api/user/{id}/following',
    'GET /api/user/{id}/settings',
  ]);
});

test('a name that does not exist is a value of the same parameter as other names', () => {
  const inventory = inventoryOf([
    exchangeOf('GET /user/olga', { answer: user(7, 'olga') }),
    exchangeOf('GET /user/ivan', { answer: user(8, 'ivan') }),
    exchangeOf('GET /user/nobody', { status: 404, answer: { error: 'not found' } }),
    exchangeOf('POST /user/logout', { status: 401, answer: { error: 'who are you' } }),
  ]);
  expect(namesOf(inventory)).toEqual(['GET /user/{id}', 'POST /user/logout']);
});

test('a search term is a parameter, the literal before it is not', () => {
  const names = ['olga', 'ivan', 'petra', 'jorge', 'aiko', 'noor', 'sven', 'mila', 'ada'];
  const inventory = inventoryOf([
    ...names.map((name, id) => exchangeOf(`GET /api/user/${id}`, { answer: user(id, name) })),
    ...['olga', 'ivan', 'pet'].map((word) =>
      exchangeOf(`GET /api/user/search/${word}`, { answer: { data: [user(1, 'x')], total: 1, page: 0 } }),
    ),
  ]);
  expect(namesOf(inventory)).toEqual(['GET /api/user/search/{id}', 'GET /api/user/{id}']);
});

test('a declared template takes precedence over traffic, and undeclared parts are listed', () => {
  const inventory = inventoryOf(
    [
      exchangeOf('GET /v2/tags/running?since=2024-01-01&admin=1', { answer: { name: 'x', riders: 4, secret: 'y' } }),
      exchangeOf('GET /v2/metrics', { answer: { up: 1, seconds: 2, riders: 3 } }),
    ],
    [
      declare('GET /tags/{tagName}', {
        servers: ['http://api.test/v2'],
        parameters: [{ name: 'since', in: 'query', required: false, schemaType: 'string' }],
        responses: [
          {
            status: '200',
            bodies: [
              {
                mediaType: 'application/json',
                fields: [
                  { pointer: '/name', type: 'string' },
                  { pointer: '/riders', type: 'integer' },
                ],
              },
            ],
          },
        ],
      }),
      declare('GET /never'),
    ],
  );
  expect(namesOf(inventory)).toEqual(['GET /v2/metrics', 'GET /v2/tags/{tagName}']);
  expect(inventory.operations[0]?.declared).toBeUndefined();
  expect(inventory.operations[1]?.undeclared).toEqual({ query: ['admin'], body: [], fields: ['200 /secret'] });
  expect(inventory.hosts.map(({ declared }) => declared)).toEqual([true]);
  expect(inventory.unseen.map(({ name }) => name)).toEqual(['GET /never']);
});

test('a root field has one name and one set of fields, whatever aliases, fragments and batches a client uses', () => {
  const query =
    'query Q($me: ID!) { User: user(id: $me) { ...F friends: followers(first: 2) { name: username } } } fragment F on User { __typename town: location }';
  const answer = { data: { User: { __typename: 'User', town: 'Kirkwall', friends: [{ name: 'olga' }] } } };
  const inventory = inventoryOf([
    exchangeOf('POST /graphql', { send: { query, variables: { me: '7' } }, answer }),
    exchangeOf('POST /graphql', {
      send: [{ query: '{ user(id: 8) { location } me { id } }' }],
      answer: [{ data: { user: null, me: { id: '8' } } }],
    }),
    exchangeOf(`GET /graphql?query=${encodeURIComponent('{ me { id } }')}`, {
      answer: { errors: [{ message: 'no' }] },
    }),
  ]);
  expect(namesOf(inventory)).toEqual(['Query.me', 'Query.user']);
  const found = inventory.operations[1];
  expect(found?.arguments.map(({ name }) => name)).toEqual(['followers.first', 'id']);
  expect(found?.variables.map(({ name }) => name)).toEqual(['me']);
  expect(found?.responses[0]?.fields.map(({ name }) => name)).toEqual([
    '',
    '/__typename',
    '/followers',
    '/followers/*',
    '/followers/*/username',
    '/location',
  ]);
  expect(inventory.operations[0]?.responses.map(({ status }) => status)).toEqual(['200', '200 errors']);
});

test('an inventory counts callers, channels, versions and body faults, and contains no value', () => {
  const inventory = inventoryOf([
    exchangeOf('GET /v1/user/7?api-version=2024-01-01', {
      headers: [
        ['user-agent', 'Cadence/3 CFNetwork/1408 Darwin/22'],
        ['x-api-key', 'k1'],
      ],
      answer: user(7, 'olga'),
      caller: { auth: 'credential', scheme: 'http:bearer' },
    }),
    exchangeOf('GET /v1/user/8', { headers: [['platform', 'web']], answer: '<html>', caller: { auth: 'anonymous' } }),
    exchangeOf('GET /v1/user/9', { answer: user(9, 'ivan'), type: 'text/html' }),
  ]);
  const [operation] = inventory.operations;
  expect(operation).toMatchObject({
    name: 'GET /v1/user/{id}',
    callers: { anonymous: 1, credential: 1, unknown: 1 },
    schemes: { 'apiKey:header:x-api-key': 1, 'http:bearer': 1 },
    channels: { mobile: 1, unknown: 1, web: 1 },
    versions: { 'path v1': 3, 'query api-version=2024-01-01': 1 },
  });
  expect(operation?.responses[0]?.bodyFaults).toEqual({ 'not-json': 1, 'undeclared-json': 1 });
  expect(JSON.stringify(inventory)).not.toMatch(/olga|ivan|Kirkwall/);
});

test('request bodies that are not what their Content-Type says are counted', () => {
  const post = (body: string): Exchange => {
    const exchange = exchangeOf('POST /rides', { headers: [['content-type', 'application/json']] });
    return { ...exchange, request: { ...exchange.request, body: Buffer.from(body) } };
  };
  const { operations } = inventoryOf([post('{km:7}'), post('{"km":7}'), post('')]);
  expect(operations[0]?.requestFaults).toEqual({ 'not-json': 1 });
});

test('in an access log, the literals of an API stay separate and the names of its users are one parameter', () => {
  const letters = Array.from({ length: 40 }, (_, at) => `${at < 26 ? 'q' : 'z'}${String.fromCharCode(97 + (at % 26))}`);
  const resources = letters.flatMap((word, at) =>
    Array.from({ length: 5 + at }, () => exchangeOf(`GET /api/res${word}`)),
  );
  const users = letters.map((word) => exchangeOf(`GET /profile/user${word}`));
  const names = namesOf(inventoryOf([...resources, ...users]));
  expect(names.filter((name) => name.startsWith('GET /api/'))).toHaveLength(40);
  expect(names.filter((name) => name.startsWith('GET /profile/'))).toEqual(['GET /profile/{id}']);
});

test('a search for parts of names is one operation, together with terms that found nothing', () => {
  const row = (username: string): unknown => ({ id: 7, username, location: 'Kirkwall', followers: 3 });
  const found = (...names: string[]): unknown => ({ data: names.map(row), page: 0 });
  const inventory = inventoryOf([
    exchangeOf('GET /user/search/ol', { answer: found('olga', 'oleg') }),
    exchangeOf('GET /user/search/pi', { answer: found('pia') }),
    exchangeOf('GET /user/search/nosuchperson', { answer: found() }),
    exchangeOf('GET /user/7/followers', { answer: found('olga', 'pia') }),
    exchangeOf('GET /user/7/following', { answer: found('olga', 'ivan') }),
  ]);
  expect(namesOf(inventory)).toEqual(['GET /user/search/{id}', 'GET /user/{id}/followers', 'GET /user/{id}/following']);
});

test('files of many hosts with the same directory are not one parameter', () => {
  const exchanges = Array.from({ length: 60 }, (_, at) =>
    exchangeOf(`GET /file${String.fromCharCode(97 + (at % 26))}x${at % 3}.js`, { origin: `http://h${at % 20}.test` }),
  );
  expect(namesOf(inventoryOf(exchanges)).filter((name) => name.includes('{'))).toEqual([]);
});

test('the same traffic in any order gives the same inventory', () => {
  const word = fc.constantFrom('olga', 'ivan', 'me', 'search', '7', '8', 'us:4');
  const exchange = fc
    .record({
      method: fc.constantFrom('GET', 'POST'),
      path: fc.array(word, { minLength: 1, maxLength: 3 }),
      status: fc.constantFrom(200, 404, 401),
      answer: fc.constantFrom(undefined, user(7, 'olga'), user(8, 'ivan'), list(), list(1, 2)),
      origin: fc.constantFrom('http://a.test', 'https://b.test'),
      at: fc.nat(99).map(String),
    })
    .map(({ method, path, answer, ...rest }) =>
      exchangeOf(`${method} /${path.join('/')}`, answer === undefined ? rest : { ...rest, answer }),
    );
  fc.assert(
    fc.property(fc.array(exchange, { maxLength: 25 }), fc.infiniteStream(fc.nat()), (exchanges, chance) => {
      const shuffled = exchanges.map((one) => [chance.next().value ?? 0, one] as const).sort(([a], [b]) => a - b);
      expect(inventoryOf(shuffled.map(([, one]) => one))).toEqual(inventoryOf(exchanges));
      expect(inventoryOf(exchanges.toReversed())).toEqual(inventoryOf(exchanges));
    }),
    { numRuns: 40 },
  );
});
