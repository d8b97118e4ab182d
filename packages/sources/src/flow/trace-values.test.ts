import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Caller, Exchange } from '@leakproof/core';
import { buildInventory } from '../inventory/build-inventory.ts';
import { exchangeOf } from '../testing/exchange-of.ts';
import { matchOperations } from '../inventory/paths/operation-matcher.ts';
import { traceValues, type Flow } from './trace-values.ts';

const alice: Caller = { auth: 'credential', identity: 'alice' };
const bob: Caller = { auth: 'credential', identity: 'bob' };
const KEY = new Uint8Array(32);

function flowOf(exchanges: readonly Exchange[]): Flow {
  const inventory = buildInventory();
  for (const exchange of exchanges) inventory.add(exchange);
  const tracer = traceValues({ operationOf: matchOperations(inventory.finish()), key: KEY });
  for (const exchange of exchanges) tracer.add(exchange);
  return tracer.finish();
}

const shown = (flow: Flow): readonly string[] =>
  flow.edges.map(
    ({ producer, consumer }) =>
      `${producer.operation} ${producer.name} → ${consumer.operation} ${consumer.place} ${consumer.name}`,
  );

const CARS = ['4bae9968-ec7f-4de3-a3a0-ba1b2ab5e5e5', '0eb6a9cd-f2f4-49fd-8a84-72f5d6f2a4f0'] as const;

test('the vehicle id of a post’s author flows to the request for its location, whatever the fields are called', () => {
  const flow = flowOf([
    exchangeOf('GET /community/posts/recent', {
      answer: {
        posts: CARS.map((car, at) => ({ title: 'Hello', author: { nickname: `rider${at}`, vehicleid: car } })),
      },
      caller: alice,
    }),
    ...CARS.map((car) =>
      exchangeOf(`GET /identity/vehicle/${car}/location`, {
        answer: { latitude: 58.98, longitude: -2.96, fullName: 'x' },
        caller: alice,
      }),
    ),
  ]);
  expect(shown(flow)).toEqual([
    'GET /community/posts/recent /posts/*/author/vehicleid → GET /identity/vehicle/{id}/location path id',
  ]);
  expect(flow.edges[0]).toMatchObject({ values: 2, seen: 2, sameCaller: 2, identities: ['alice'], via: 'value' });
});

test('the ids of a search flow to the list of ids in a later request body', () => {
  const ids = [90_211, 90_355, 91_034];
  const flow = flowOf([
    exchangeOf('GET /api/user/search/ol', {
      answer: { data: ids.map((id) => ({ id, username: `r${id}`, followers: 12 })), page: 0 },
      caller: alice,
    }),
    exchangeOf('POST /stats/workouts/details', { send: { ids }, answer: { data: [] }, caller: bob }),
  ]);
  expect(shown(flow)).toEqual(['GET /api/user/search/ol /data/*/id → POST /stats/workouts/details body /ids/*']);
  expect(flow.edges[0]).toMatchObject({ values: 3, sameCaller: 0, identities: ['bob'] });
});

test('links, Location headers and Relay ids are followed', () => {
  const flow = flowOf([
    exchangeOf('POST /graphql', {
      send: { query: '{ searchUsers(q: "o") { node { id } } }' },
      answer: { data: { searchUsers: [{ node: { id: Buffer.from('User:90211').toString('base64') } }] } },
    }),
    exchangeOf('GET /api/user/90211', {
      answer: { name: 'x', _links: { rides: { href: '/api/rides?owner=o-77120' } } },
    }),
    exchangeOf('GET /api/rides?owner=o-77120', { answer: [] }),
  ]);
  expect(shown(flow)).toEqual(
    expect.arrayContaining([
      'Query.searchUsers /*/node/id → GET /api/user/{id} path id',
      'GET /api/user/{id} /_links/rides/href → GET /api/rides target ',
    ]),
  );
  expect(flow.edges.map(({ via }) => via)).toEqual(expect.arrayContaining(['global-id', 'link']));
});

test('a value flows from a REST response to a GraphQL argument', () => {
  const flow = flowOf([
    exchangeOf('GET /api/me', { answer: { id: 'b4dcab0f81d64aa6', username: 'olga' }, caller: alice }),
    exchangeOf('POST /graphql', {
      send: { query: 'query($u: ID!){ user(id: $u) { location } }', variables: { u: 'b4dcab0f81d64aa6' } },
      answer: { data: { user: { location: 'x' } } },
      caller: alice,
    }),
  ]);
  expect(shown(flow)).toEqual(['GET /api/me /id → Query.user argument id']);
});

test.each([1, 7, true, 'en', 'web', null, 0.5, '', '2024-01-31'])('the value %j is not traced', (value) => {
  const flow = flowOf([
    exchangeOf('GET /settings', { answer: { a: value } }),
    exchangeOf(`GET /rides?page=${String(value)}`, { answer: [] }),
    exchangeOf('POST /rides', { send: { a: value }, answer: {} }),
  ]);
  expect(flow.edges).toEqual([]);
});

test('a value of the request is not produced by its own response', () => {
  const flow = flowOf([
    exchangeOf('GET /users/90211', { answer: { id: 90_211 } }),
    exchangeOf('GET /rides?rider=90211', { answer: [] }),
  ]);
  expect(flow.edges).toEqual([]);
});

test('edges contain no value, and memory is bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 50 }), (ids) => {
      const tracer = traceValues({ operationOf: matchOperations({ operations: [] }), key: KEY, maxValues: 10 });
      tracer.add(exchangeOf('GET /list', { answer: ids.map((id) => ({ id })) }));
      for (const id of ids) tracer.add(exchangeOf(`GET /one?id=${id}`));
      const flow = tracer.finish();
      for (const id of ids) expect(JSON.stringify(flow)).not.toContain(id);
      expect(flow.edges.length + flow.forgotten).toBeGreaterThan(0);
    }),
  );
});
