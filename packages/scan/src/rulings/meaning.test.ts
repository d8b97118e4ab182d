import { ANONYMOUS, type Claim, type KnownPrincipal, type Principal, type Truth } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { expect, test } from 'vitest';
import { makeRequest, type PlannedRequest } from '../plan/make-request.ts';
import { planReads } from '../plan/plan-reads.ts';
import { readResponse } from '../reading/read-response.ts';
import type { KnownRelations } from './known-relations.ts';
import { Meanings, type Question } from './meaning.ts';
import { operationOwners } from './operation-owners.ts';

const CONTRACT = loadContractOrThrow('rows.yaml', (file) => ({
  file,
  text: `
leakproof: 1
api: { servers: { one: { rest: 'http://rows.test', caller: verified } } }
principals:
  member:
    jwt: { issuer: x, audience: api, jwks: 'http://rows.test/jwks', algorithms: [ES256] }
    id: claims.sub
    ids: person
relations: { friend: { of: person, object: { User: 'principal.id in object.friends' }, lookup: POST /lookup } }
states: { private: { of: person, object: { User: object.is_private }, lookup: POST /lookup } }
resources:
  User:
    owner: id
    see: member
    fields:
      id: member
      is_private: member
      friends: member
      weight: self
      mood: friend
      city: { see: member, narrow: { private: [self, friend] } }
      password: nobody
  Page: { owner: none, fields: { users: { see: member, is: [User] }, staff: { see: nobody, is: [User] } } }
operations:
  GET /users/{id}: { by: member, returns: User }
  GET /search/{word}: { by: member, returns: Page }
  GET /feed/{id}: { by: member, owner: { of: 'GET /users/{id}', narrow: { private: [self, friend] } }, returns: [User] }
`,
}));
const [SERVER] = CONTRACT.servers;
const member = (id: string): KnownPrincipal => ({
  kind: 'member',
  ids: 'person',
  space: SERVER?.space ?? '',
  id,
  claims: {},
});
const ALICE = member('alice');
const BOB = member('bob');

type Facts = Partial<Record<'friend' | 'private', Truth>>;

/** Relations and states that are the same for everybody. */
const relations = (facts: Facts): KnownRelations => ({
  get: (claim: Claim) => facts[(claim.type === 'relation' ? claim.relation : claim.state) as keyof Facts] ?? 'unknown',
  conflicts: [],
});

function requestOf(name: string, value: string): PlannedRequest {
  const operation = planReads(CONTRACT, {}).operations.find(({ declared }) => declared.name === name);
  const recipe = operation?.recipes[0];
  const request = operation && recipe && makeRequest(CONTRACT, { operation, recipe, values: [value] });
  if (!request) throw new Error(`${name} cannot be requested.`);
  return request;
}

/** Alice as the API returns her, with a list of friends and a state that justify whatever the response wants. */
const ALICE_AS_SENT = {
  id: 'alice',
  is_private: false,
  friends: ['bob'],
  weight: 50,
  mood: 'curious',
  city: 'Oxford',
  password: 'x',
};

interface Asked {
  readonly principal: Principal;
  readonly request: PlannedRequest;
  readonly body: unknown;
}

function questionAbout(field: string, { principal, request, body }: Asked): Question {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const response = {
    type: 'response',
    status: 200,
    contentType: 'application/json',
    headers: [],
    body: bytes,
  } as const;
  const { objects } = readResponse(response, request.expected, CONTRACT);
  for (const object of objects) {
    const found = object.fields.find((each) => each.field === field);
    if (found) return { principal, request, object, fieldIndex: found.index };
  }
  throw new Error(`No object has a field ${field}.`);
}

function meaningsWith(facts: Facts): Meanings {
  const identities = [ALICE, BOB].map((principal) => ({ principal }) as never);
  return new Meanings(CONTRACT, relations(facts), operationOwners(CONTRACT, [], identities));
}

const USER = requestOf('GET /users/{id}', 'alice');
const ask = (field: string, principal: Principal, facts: Facts): string =>
  meaningsWith(facts).meaningOf(questionAbout(field, { principal, request: USER, body: ALICE_AS_SENT })).type;

const NO: Facts = { friend: 'no', private: 'no' };

test.each<[string, Principal, Facts, string]>([
  ['weight', ALICE, {}, 'allowed'],
  ['weight', BOB, { friend: 'yes', private: 'no' }, 'forbidden'],
  ['weight', ANONYMOUS, NO, 'forbidden'],
  ['is_private', BOB, {}, 'allowed'],
  ['is_private', ANONYMOUS, {}, 'forbidden'],
  ['password', ALICE, { friend: 'yes', private: 'no' }, 'forbidden'],
  ['mood', BOB, { friend: 'yes' }, 'allowed'],
  ['mood', BOB, { friend: 'no' }, 'forbidden'],
  ['mood', BOB, {}, 'unknown'],
  ['city', BOB, { private: 'no' }, 'allowed'],
  ['city', BOB, { private: 'yes', friend: 'yes' }, 'allowed'],
  ['city', BOB, { private: 'yes', friend: 'no' }, 'forbidden'],
  ['city', BOB, { private: 'yes' }, 'unknown'],
  ['city', BOB, { friend: 'yes' }, 'allowed'],
  ['city', BOB, { friend: 'no' }, 'unknown'],
  ['city', BOB, {}, 'unknown'],
  ['city', ALICE, { private: 'yes' }, 'allowed'],
])('%s to %o with %o is %s', (field, principal, facts, expected) => {
  expect(ask(field, principal, facts)).toBe(expected);
});

test('a response does not justify itself: the friends and the state that it contains decide nothing', () => {
  expect(ask('mood', BOB, { friend: 'no' })).toBe('forbidden');
  expect(ask('city', BOB, { private: 'yes', friend: 'no' })).toBe('forbidden');
});

test('an unknown meaning names what would decide it', () => {
  const question = questionAbout('city', { principal: BOB, request: USER, body: ALICE_AS_SENT });
  expect(meaningsWith({}).meaningOf(question).asks).toEqual(['friend', 'private']);
  expect(meaningsWith({ friend: 'yes' }).meaningOf(question).asks).toEqual([]);
});

test('a field that is forbidden only by a state says so', () => {
  const question = (field: string): Question =>
    questionAbout(field, { principal: BOB, request: USER, body: ALICE_AS_SENT });
  const meanings = meaningsWith({ private: 'yes', friend: 'no' });
  expect(meanings.reasonFor(question('city'))).toMatchObject({ byState: true, objectAllowed: true });
  expect(meanings.reasonFor(question('weight'))).toMatchObject({ byState: false, objectAllowed: true });
});

test('an operation that the caller may not call allows nothing, and that is the reason', () => {
  const question = questionAbout('is_private', { principal: ANONYMOUS, request: USER, body: ALICE_AS_SENT });
  expect(meaningsWith(NO).reasonFor(question)).toEqual({ because: 'operation', objectAllowed: false, byState: false });
});

test.each<[string, Facts, string]>([
  ['in the feed of a private owner', { private: 'yes', friend: 'no' }, 'forbidden'],
  ['in the feed of a private owner to a friend', { private: 'yes', friend: 'yes' }, 'allowed'],
  ['in the feed of a public owner', { private: 'no', friend: 'no' }, 'allowed'],
  ['in the feed of an owner of unknown state', { friend: 'no' }, 'unknown'],
])('a field of the owner %s', (_title, facts, expected) => {
  const request = requestOf('GET /feed/{id}', 'alice');
  const question = questionAbout('is_private', { principal: BOB, request, body: [ALICE_AS_SENT] });
  expect(meaningsWith(facts).meaningOf(question).type).toBe(expected);
});

test('somebody else in the feed of a private owner is judged by their own state, and by the path only where that is asked', () => {
  const request = requestOf('GET /feed/{id}', 'alice');
  const carol = { ...ALICE_AS_SENT, id: 'carol' };
  const question = questionAbout('is_private', { principal: BOB, request, body: [carol] });
  const meanings = meaningsWith({ private: 'yes', friend: 'no' });
  expect(meanings.meaningOf(question).type).toBe('allowed');
  expect(meanings.meaningOfPath(question).type).toBe('forbidden');
});

test('an object in a page without an owner is allowed as far as the page is', () => {
  const request = requestOf('GET /search/{word}', 'ali');
  const typeIn = (list: string): string => {
    const question = questionAbout('is_private', { principal: BOB, request, body: { [list]: [ALICE_AS_SENT] } });
    return meaningsWith(NO).meaningOf(question).type;
  };
  expect(typeIn('users')).toBe('allowed');
  expect(typeIn('staff')).toBe('forbidden');
});

test.each<[Principal, Facts, string]>([
  [BOB, NO, 'allowed'],
  [BOB, {}, 'allowed'],
  [ANONYMOUS, NO, 'forbidden'],
])('that Alice exists is for %o with %o %s', (principal, facts, expected) => {
  const { object } = questionAbout('weight', { principal: ALICE, request: USER, body: ALICE_AS_SENT });
  expect(meaningsWith(facts).visibilityOf(principal, object)).toBe(expected);
});
