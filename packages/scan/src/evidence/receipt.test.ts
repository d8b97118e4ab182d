import type { KnownPrincipal } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { expect, test } from 'vitest';
import type { OwnInput } from '../harvest/own-input.ts';
import type { Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import { makeRequest, type PlannedRequest } from '../plan/make-request.ts';
import { planReads } from '../plan/plan-reads.ts';
import { readResponse, type ReadResponse } from '../reading/read-response.ts';
import { operationOwners } from '../rulings/operation-owners.ts';
import { makeBaseline } from './baseline.ts';
import { envelopesOf } from './envelopes.ts';
import { receiptsOf } from './receipt.ts';

const CONTRACT = loadContractOrThrow('rows.yaml', (file) => ({
  file,
  text: `
leakproof: 1
api: { servers: { one: { rest: 'http://rows.test' } } }
principals:
  member:
    jwt: { issuer: x, audience: api, jwks: 'http://rows.test/jwks', algorithms: [ES256] }
    id: claims.sub
    ids: person
resources:
  User:
    owner: id
    see: member
    fields: { id: member, name: self, city: { see: self, instead: hidden }, age: self, plan: self, page: self, tags: self }
  Note: { owner: author, id: id, see: self, fields: { id: self, author: self, text: self } }
  Page: { owner: none, fields: { page: anyone, people: anyone } }
operations:
  GET /users/{id}: { by: member, returns: User }
  GET /notes/{id}: { by: member, returns: Note }
  GET /users/{id}/friends: { by: member, owner: path.id, returns: { page: plain, people: [User] } }
`,
}));

const person = (name: string): Identity => {
  const principal: KnownPrincipal = { kind: 'member', ids: 'person', space: 'all', id: name, claims: {} };
  const [home] = CONTRACT.servers;
  if (!home) throw new Error('The contract has no server.');
  return { name, principal: { ...principal, space: home.space }, home, source: { name } as Identity['source'] };
};
const ALICE = person('alice');
const BOB = person('bob');
const PEOPLE = [ALICE, BOB];

function requestOf(operationName: string, values: readonly string[]): PlannedRequest {
  const operation = planReads(CONTRACT, {}).operations.find(({ declared }) => declared.name === operationName);
  const recipe = operation?.recipes[0];
  const request = operation && recipe && makeRequest(CONTRACT, { operation, recipe, values });
  if (!request) throw new Error(`${operationName} cannot be requested.`);
  return request;
}

function responseTo(request: PlannedRequest, body: unknown, status = 200): ReadResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const response = { type: 'response', status, contentType: 'application/json', headers: [], body: bytes } as const;
  return readResponse(response, request.expected, CONTRACT);
}

interface Reading {
  readonly by: Identity;
  readonly request: PlannedRequest;
  readonly body: unknown;
  /** What the same request returned the second time; default: the same. */
  readonly again?: unknown;
}

interface Row {
  /** What the owners read of themselves. */
  readonly readings: readonly Reading[];
  readonly request: PlannedRequest;
  /** The response to the other caller. */
  readonly body: unknown;
  /** Other responses of the operation to the other caller. */
  readonly others?: readonly Pick<Reading, 'request' | 'body'>[];
}

/** Field → receipt, of all fields of Alice in the response. */
function receipts({ readings, request, body, others = [] }: Row): Record<string, string> {
  const inputs = readings.map(({ by, request: asked, body: first, again = first }): OwnInput => ({
    owner: by,
    request: asked,
    values: [],
    symbols: [],
    needs: [],
    first: responseTo(asked, first),
    second: responseTo(asked, again),
  }));
  const owners = operationOwners(CONTRACT, inputs, PEOPLE);
  const context = { contract: CONTRACT, baseline: makeBaseline(inputs, owners), owners };
  const response = responseTo(request, body);
  const envelopes = envelopesOf([response, ...others.map((other) => responseTo(other.request, other.body))]);
  const received = receiptsOf(context, ownerKeyOf(ALICE.principal), { request, objects: response.objects, envelopes });
  return Object.fromEntries(received.map(({ field, receipt }) => [field.field, receipt]));
}

const USER_ALICE = requestOf('GET /users/{id}', ['alice']);
const USER_BOB = requestOf('GET /users/{id}', ['bob']);
const FRIENDS_OF_ALICE = requestOf('GET /users/{id}/friends', ['alice']);
const FRIENDS_OF_BOB = requestOf('GET /users/{id}/friends', ['bob']);
const ALICE_HERSELF = { id: 'alice', name: 'Alice Liddell', city: 'Oxford', age: 9, plan: 'free', page: 1 };
const BOB_HIMSELF = { id: 'bob', name: 'Bob Dodgson', city: 'London', age: 9, plan: 'paid', page: 1 };
const READINGS: readonly Reading[] = [
  { by: ALICE, request: USER_ALICE, body: ALICE_HERSELF },
  { by: BOB, request: USER_BOB, body: BOB_HIMSELF },
];
const received = (body: unknown, more: Partial<Row> = {}): Record<string, string> =>
  receipts({ readings: READINGS, request: USER_ALICE, body, ...more });

test('everything of an object with a value that only its owner has is the owner’s value', () => {
  expect(received(ALICE_HERSELF)).toEqual({
    id: 'value',
    name: 'value',
    city: 'value',
    age: 'value',
    plan: 'value',
    page: 'value',
  });
});

test.each<[string, unknown, Record<string, string>]>([
  ['only short values that anybody could have', { id: 'alice', age: 9 }, { id: 'weak', age: 'weak' }],
  ['only the id that was requested', { id: 'alice' }, { id: 'weak' }],
  ['another value than the owner reads', { id: 'alice', name: 'Somebody Else' }, { id: 'weak', name: 'differs' }],
  [
    'another value beside one that only the owner has',
    { id: 'alice', name: 'Alice Liddell', city: 'Paris' },
    { id: 'value', name: 'value', city: 'differs' },
  ],
  ['a field that the owner does not read', { id: 'alice', tags: ['x'] }, { id: 'weak', tags: 'unmatched' }],
  ['the value that the contract gives instead', { id: 'alice', city: 'hidden' }, { id: 'weak', city: 'none' }],
  ['null, an empty string and an empty list', { id: 'alice', name: null, city: '', tags: [] }, { id: 'weak' }],
  ['an object of another owner', BOB_HIMSELF, {}],
  [
    'the values of another owner under the id',
    { ...BOB_HIMSELF, id: 'alice' },
    {
      id: 'weak',
      name: 'differs',
      city: 'differs',
      age: 'weak',
      plan: 'differs',
      page: 'weak',
    },
  ],
  [
    'a number as a string',
    { id: 'alice', name: 'Alice Liddell', age: '9' },
    { id: 'value', name: 'value', age: 'value' },
  ],
  ['a name in other letters', { id: 'alice', name: 'ALICE LIDDELL' }, { id: 'weak', name: 'differs' }],
  ['no object at all', { error: 'not found' }, {}],
])('%s', (_title, body, expected) => expect(received(body)).toEqual(expected));

test('a value that was sent in the request proves nothing when it comes back', () => {
  const request = requestOf('GET /users/{id}', ['Alice Liddell']);
  expect(received({ id: 'alice', name: 'Alice Liddell' }, { request })).toEqual({ id: 'weak', name: 'weak' });
});

test('a value that two owners have is weak, and the value that only one has is enough for the object', () => {
  const readings = READINGS.map((reading) => ({
    ...reading,
    body: { ...(reading.body as object), city: 'Cambridge' },
  }));
  expect(received({ id: 'alice', city: 'Cambridge' }, { readings })).toEqual({ id: 'weak', city: 'weak' });
  expect(received({ id: 'alice', city: 'Cambridge', name: 'Alice Liddell' }, { readings })).toEqual({
    id: 'value',
    city: 'value',
    name: 'value',
  });
});

test('a value that changes between two reads of its owner is not compared', () => {
  const [alice, ...rest] = READINGS;
  const readings = alice ? [{ ...alice, again: { ...ALICE_HERSELF, name: 'Alice Hargreaves' } }, ...rest] : [];
  expect(received(ALICE_HERSELF, { readings })).toMatchObject({ name: 'unmatched', city: 'value' });
  expect(received({ id: 'alice', name: 'Alice Liddell' }, { readings })).toEqual({ id: 'weak', name: 'unmatched' });
});

test('a value that the owner read twice, but of two objects, is compared with the object it is in', () => {
  const note = (id: string, by: Identity, text: string): Reading => ({
    by,
    request: requestOf('GET /notes/{id}', [id]),
    body: { id, author: by.name, text },
  });
  const readings = [
    note('n1', ALICE, 'Down the rabbit hole'),
    note('n2', ALICE, 'Pool of tears'),
    note('n3', BOB, 'Euclid'),
  ];
  const request = requestOf('GET /notes/{id}', ['n1']);
  const receiptOf = (text: string): unknown =>
    receipts({ readings, request, body: { id: 'n1', author: 'alice', text } })['text'];
  expect(receiptOf('Down the rabbit hole')).toBe('value');
  expect(receiptOf('Pool of tears')).toBe('differs');
  expect(receiptOf('Euclid')).toBe('differs');
});

test('data in a response with an error status is read as any other', () => {
  const response = responseTo(USER_ALICE, ALICE_HERSELF, 403);
  expect(response.objects.map(({ owners }) => owners)).toEqual([[ownerKeyOf(ALICE.principal)]]);
});

const listOf = (page: number, ...people: readonly object[]): unknown => ({ page, people });
const LISTS: readonly Reading[] = [
  { by: ALICE, request: FRIENDS_OF_ALICE, body: listOf(1, { id: 'carol' }, { id: 'dave' }) },
  { by: BOB, request: FRIENDS_OF_BOB, body: listOf(1, { id: 'erin' }) },
];
const OTHERS = [{ request: FRIENDS_OF_BOB, body: listOf(1, { id: 'erin' }) }];

test.each<[string, unknown, Partial<Row>, unknown]>([
  ['a whole list that depends on the request', listOf(1, { id: 'carol' }, { id: 'dave' }), { others: OTHERS }, 'value'],
  ['the same list in another order', listOf(1, { id: 'dave' }, { id: 'carol' }), { others: OTHERS }, 'value'],
  ['a list that is the same whoever is asked for', listOf(1, { id: 'carol' }, { id: 'dave' }), {}, 'weak'],
  ['a part of the list', listOf(1, { id: 'carol' }), { others: OTHERS }, 'weak'],
  ['a list with others too', listOf(1, { id: 'carol' }, { id: 'dave' }, { id: 'fred' }), { others: OTHERS }, 'weak'],
  ['a list of others', listOf(1, { id: 'fred' }), { others: OTHERS }, 'differs'],
  ['an empty list', listOf(1), { others: OTHERS }, undefined],
])('the people in a list without its owner’s name: %s', (_title, body, more, expected) => {
  const all = receipts({ readings: LISTS, request: FRIENDS_OF_ALICE, body, ...more });
  expect(all['people']).toBe(expected);
  expect(all).not.toHaveProperty('page', 'value');
});
