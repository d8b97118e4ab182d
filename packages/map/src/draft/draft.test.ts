import { loadContract } from '@leakproof/core/authoring';
import type { CompiledContract, Field } from '@leakproof/core';
import type { DeclaredOperation } from '@leakproof/sources';
import { describe, expect, test } from 'vitest';
import { readAnswers } from '../answers/read-answers.ts';
import { type Call, draftOf } from '../testing/exchanges.ts';
import type { Draft } from './draft-types.ts';

const ALICE = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const BOB = '16fd2706-8baf-433b-82eb-8c7fada847da';
const as = (by: 'alice' | 'bob', call: Omit<Call, 'by'>): Call => ({
  by,
  claims: { iss: 'id.example', aud: 'api', sub: by === 'alice' ? ALICE : BOB },
  ...call,
});
const person = (id: string, more: object = {}): Record<string, unknown> => ({
  id,
  email: `${id.slice(0, 4)}@example.org`,
  ...more,
});

function contractOf({ source }: Draft): CompiledContract {
  const { contract, problems } = loadContract('draft.yaml', (file) => ({ file, text: source }));
  expect(problems).toEqual([]);
  if (!contract) throw new Error('the draft does not compile');
  return contract;
}
const fieldOf = (drafted: Draft, resource: string, field: string): Field | undefined =>
  contractOf(drafted).resources[resource]?.fields[field];

describe('a personal field', () => {
  const given = (...callers: (Call | undefined)[]): Draft =>
    draftOf([
      as('alice', { target: `/users/${ALICE}`, body: person(ALICE) }),
      ...callers.flatMap((call) => (call ? [call] : [])),
    ]);

  test.each([
    ['its owner only', undefined],
    ['another member', as('bob', { target: `/users/${ALICE}`, body: person(ALICE) })],
    ['an anonymous caller', { target: `/users/${ALICE}`, body: person(ALICE) }],
  ])('that was given to %s is undecided', (_, call) => {
    const field = fieldOf(given(call), 'User', 'email');
    expect(field).toMatchObject({ grant: { see: ['self'] }, class: 'contact.email' });
    expect(field?.undecided).toContain('personal (contact.email)');
  });

  test('is decided by an answer to its class', () => {
    const drafted = draftOf([as('alice', { target: `/users/${ALICE}`, body: person(ALICE) })], {
      answers: readAnswers('User.contact: member'),
    });
    expect(fieldOf(drafted, 'User', 'email')).toMatchObject({ grant: { see: ['member'] } });
    expect(drafted.rules.find(({ at }) => at.endsWith('.email'))).toMatchObject({ because: 'answered', owner: 'O1' });
  });

  test('is for nobody if it is a password hash, and for its owner if it is a credential', () => {
    const body = person(ALICE, { secret: '$2b$10$abcdefghijklmnopqrstuv', api_key: 'k3y' });
    const drafted = draftOf([as('alice', { target: `/users/${ALICE}`, body })]);
    expect(fieldOf(drafted, 'User', 'secret')).toMatchObject({ grant: { see: ['nobody'] } });
    expect(fieldOf(drafted, 'User', 'api_key')).toMatchObject({ grant: { see: ['self'] } });
  });

  test('is for nobody if its description says that it is never returned', () => {
    const declared = {
      protocol: 'http',
      name: 'GET /users/{id}',
      method: 'GET',
      path: '/users/{id}',
      servers: [],
      tags: [],
      parameters: [],
      request: [],
      security: undefined,
      deprecated: false,
      provenance: { reader: 'test' },
      responses: [
        {
          status: '200',
          bodies: [{ mediaType: 'application/json', fields: [{ pointer: '/email', type: 'string', writeOnly: true }] }],
        },
      ],
    } as const satisfies DeclaredOperation;
    const drafted = draftOf([as('alice', { target: `/users/${ALICE}`, body: person(ALICE) })], {
      declared: [declared],
    });
    expect(fieldOf(drafted, 'User', 'email')).toMatchObject({ grant: { see: ['nobody'] } });
  });
});

describe('whose an object is', () => {
  const note = (id: string, owner: string): object => ({ id, text: `text ${id}`, user_id: owner });

  test('is told by a field that names a caller', () => {
    const drafted = draftOf([
      as('alice', { target: '/notes', body: [note('1', ALICE)] }),
      as('bob', { target: '/notes', body: [note('2', BOB)] }),
    ]);
    expect(contractOf(drafted).resources['Note']?.owner).toEqual([{ kind: 'person', path: ['user_id'] }]);
    expect(drafted.rules.find(({ at }) => at === 'resources.Note.fields.text')?.owner).toBe('O2');
  });

  test('is told by common ids only where the field is named like an owner, or is the own id of each caller', () => {
    const identities = { alice: { ids: ['1'] }, bob: { ids: ['2'] } };
    const list = (by: string, id: number): Call => ({
      by,
      target: '/notes',
      body: [{ id: id + 10, zone: id, level: 1, text: 'x' }],
    });
    const drafted = draftOf([list('alice', 1), list('bob', 2)], { identities });
    expect(contractOf(drafted).resources['Note']?.owner).toEqual([{ kind: 'person', path: ['zone'] }]);
    const one = draftOf([list('alice', 1)], { identities });
    expect(contractOf(one).resources['Note']?.owner).toBe('none');
  });

  test('is several people, if it names several', () => {
    const body = [{ id: '5', from_id: ALICE, to_id: BOB, text: 'hello' }];
    const drafted = draftOf([as('alice', { target: '/messages', body }), as('bob', { target: '/messages', body })]);
    expect(contractOf(drafted).resources['Message']?.owner).toEqual([
      { kind: 'person', path: ['from_id'] },
      { kind: 'person', path: ['to_id'] },
    ]);
  });

  test('is told by the person in it', () => {
    const body = { data: [{ id: '9', text: 'x', author: person(ALICE) }], total: 1 };
    const drafted = draftOf([
      as('alice', { target: '/posts', body }),
      as('alice', { target: `/users/${ALICE}`, body: person(ALICE) }),
    ]);
    const contract = contractOf(drafted);
    expect(contract.resources['Post']?.owner).toEqual([{ kind: 'person', path: ['author', 'id'] }]);
    expect(contract.resources['Post']?.fields['author']?.shape).toEqual({ type: 'object', resource: 'User' });
  });

  test('is learnt from an operation that returns each caller itself, where tokens tell nothing', () => {
    const drafted = draftOf([
      { by: 'alice', target: '/me', body: { id: 1, username: 'a' } },
      { by: 'bob', target: '/me', body: { id: 2, username: 'b' } },
      { by: 'alice', target: '/notes', body: [{ id: 7, owner: 1, text: 'x' }] },
    ]);
    expect(contractOf(drafted).resources['Note']?.owner).toEqual([{ kind: 'person', path: ['owner'] }]);
    expect(drafted.callers.get('alice')).toMatchObject({ kind: 'member', claims: { sub: '1' } });
  });
});

describe('ids from a list with one person', () => {
  const rows = { alice: { id: 1, username: 'a' }, bob: { id: 2, username: 'b' } };
  const list = (by: 'alice' | 'bob', of: 'alice' | 'bob'): Call => ({ by, target: '/people', body: [rows[of]] });
  const item = (by: 'alice' | 'bob', of: 'alice' | 'bob', status: number): Call => ({
    by,
    target: `/people/${rows[of].id}`,
    status,
    ...(status === 200 ? { body: rows[of] } : {}),
  });

  test('are those of the callers, if each may read its own and is refused the other', () => {
    const { callers } = draftOf([
      list('alice', 'alice'),
      list('bob', 'bob'),
      item('alice', 'alice', 200),
      item('alice', 'bob', 404),
      item('bob', 'bob', 200),
      item('bob', 'alice', 404),
    ]);
    expect([...callers].map(([name, { claims }]) => [name, claims['sub']])).toEqual([
      ['alice', '1'],
      ['bob', '2'],
    ]);
  });

  test("are nobody's else: a list of suggestions shows each caller the other", () => {
    const { callers } = draftOf([
      list('alice', 'bob'),
      list('bob', 'alice'),
      item('alice', 'alice', 200),
      item('alice', 'bob', 200),
      item('bob', 'bob', 200),
      item('bob', 'alice', 200),
    ]);
    expect(callers.size).toBe(0);
  });
});

describe('a caller is not judged', () => {
  const judged = (claims: object, object: object = {}): boolean | undefined =>
    draftOf([
      as('alice', { target: `/users/${ALICE}`, body: person(ALICE) }),
      {
        by: 'carol',
        target: `/users/${BOB}`,
        body: person(BOB, object),
        claims: { iss: 'id.example', aud: 'api', sub: BOB, ...claims },
      },
    ]).callers.get('carol')?.isJudged;

  test.each([
    ['whose token has a role of staff', { roles: ['user', 'admin'] }, {}],
    ['whose own object says that it is staff', {}, { is_staff: true }],
    [
      'whose kind owns nothing that was seen',
      { iss: 'staff.example', sub: 'f47ac10b-58cc-4372-a567-0e02b2c3d479' },
      {},
    ],
  ])('%s', (_, claims, object) => expect(judged(claims, object)).toBe(false));

  test('and everybody else is', () => expect(judged({ roles: ['member'] }, { is_staff: false })).toBe(true));
});

describe('one thing in several answers', () => {
  test('is one resource with all its fields, by its id', () => {
    const drafted = draftOf([
      as('alice', { target: '/me', body: person(ALICE, { phone: '+49 170 5550123' }) }),
      as('alice', { target: `/users/${ALICE}`, body: person(ALICE, { city: 'Kirkwall' }) }),
      as('alice', { target: '/search?q=a', body: { hits: [{ id: ALICE, username: 'al' }] } }),
    ]);
    const { resources } = contractOf(drafted);
    expect(Object.keys(resources).filter((name) => !name.includes(':'))).toEqual(['User']);
    expect(Object.keys(resources['User']?.fields ?? {})).toEqual(['city', 'email', 'id', 'phone', 'username']);
  });

  test('is two resources, where two things have the same common id', () => {
    const drafted = draftOf([
      as('alice', { target: '/posts/1', body: { id: 1, title: 'Hello' } }),
      as('alice', { target: '/rides/1', body: { id: 1, title: 'Hills', instructor: 'olga' } }),
    ]);
    expect(Object.keys(contractOf(drafted).resources).sort()).toEqual(['Post', 'Ride']);
  });
});

test("what is nobody's and not personal is for everybody who was given it without choosing", () => {
  const body = [{ id: 1, title: 'Hills' }];
  const member = draftOf([as('alice', { target: '/rides', body }), as('bob', { target: '/rides', body })]);
  expect(fieldOf(member, 'Ride', 'title')).toMatchObject({ grant: { see: ['member'] } });
  const anyone = draftOf([{ target: '/rides', body }]);
  expect(fieldOf(anyone, 'Ride', 'title')).toMatchObject({ grant: { see: ['anyone'] } });
  const one = draftOf([as('alice', { target: '/rides', body })]);
  expect(fieldOf(one, 'Ride', 'title')?.undecided).toContain('one caller was given it');
});

describe('an answer that narrows', () => {
  const view = (by: 'alice' | 'bob', follows: boolean): Call =>
    as(by, { target: `/users/${ALICE}`, body: person(ALICE, { private: true, followed: follows, city: 'Kirkwall' }) });
  const drafted = draftOf([view('alice', false), view('bob', true)], {
    answers: readAnswers('User.location: member, narrowed by private to self or followed'),
  });

  test('names a state and a relation by the flags of a person', () => {
    const contract = contractOf(drafted);
    expect(contract.resources['User']?.fields['city']?.grant).toEqual({
      see: ['member'],
      narrow: { private: ['self', 'followed'] },
    });
    expect(contract.states['private']).toMatchObject({ object: { User: { cel: 'object.private' } } });
    expect(contract.relations['followed']).toMatchObject({ object: { User: { cel: 'object.followed' } } });
  });

  test('comes with what the answers of the API tell of both', () => {
    expect([...drafted.facts.states]).toEqual([[`private\0${ALICE}`, true]]);
    expect(drafted.facts.relations.get(`followed\0${BOB}\0${ALICE}`)).toBe(true);
  });

  test('changes nothing and is named, if there is no such flag', () => {
    const { unusedAnswers, source } = draftOf([view('alice', false)], {
      answers: readAnswers('User.location: member, narrowed by hidden'),
    });
    expect(unusedAnswers).toEqual([{ about: 'User.location', why: '"hidden" is no flag of User or of its owner' }]);
    expect(source).toContain('personal (location)');
  });
});

describe('operations', () => {
  test.each([
    ['it refuses callers without a login', [{ target: '/rides', status: 401 }], ['member'], undefined],
    [
      "it gave everybody what is nobody's",
      [{ target: '/rides', body: [{ id: 1, title: 'x' }] }],
      ['anyone'],
      undefined,
    ],
    ['nobody tried it without a login', [], ['nobody'], 'nobody without a login was seen to try it'],
  ])('are for %s', (_, more, by, undecided) => {
    const drafted = draftOf([as('alice', { target: '/rides', body: [{ id: 1, title: 'x' }] }), ...more]);
    const [operation] = contractOf(drafted).operations;
    expect(operation).toMatchObject({ name: 'GET /rides', by });
    expect(operation?.undecided).toBe(undecided);
  });

  test.each([
    ['that never succeeded', { target: '/rides', status: 403 }, 'no request succeeded (403)'],
    ['with answers that are no JSON', { target: '/rides', text: '<html>' }, 'its answers are no JSON'],
  ])('%s are left out, with the reason', (_, call, why) => {
    expect(draftOf([call]).leftOut.map((each) => each.why)).toEqual([why]);
  });

  test('have the trailing slash that was sent', () => {
    const { source, leftOut } = draftOf([
      as('alice', { target: '/rides/', body: [] }),
      as('alice', { target: `/users/${ALICE}/`, body: person(ALICE) }),
    ]);
    expect(source).toContain('"GET /rides/":');
    expect(source).toContain('"GET /users/{id}/":');
    expect(leftOut).toEqual([]);
  });

  test('have their envelopes, query parameters and members of the body', () => {
    const drafted = draftOf([
      as('alice', { target: '/rides?page=1&tag=a&tag=b', body: { data: [{ id: 1, title: 'x' }], total: 1 } }),
      as('alice', { method: 'POST', target: '/rides', sent: { title: 'x' }, status: 201, body: { id: 2, title: 'x' } }),
    ]);
    expect(drafted.source).toContain('query: [page, "tag*"]');
    expect(drafted.source).toContain('returns: { data: [Ride], total: plain }');
    expect(drafted.source).toContain('accepts: [title]');
  });
});

test('an answer to a login is for whoever the caller is after it: no rule is read from it', () => {
  const answer = { accessToken: 'k3y', user: person(ALICE) };
  const drafted = draftOf([
    { method: 'POST', target: '/login', sent: { email: 'x', password: 'y' }, body: answer },
    { method: 'POST', target: '/session', sent: { code: 'x' }, status: 201, body: answer },
    as('alice', { target: `/users/${ALICE}`, body: person(ALICE) }),
  ]);
  expect(Object.keys(contractOf(drafted).resources)).toEqual(['User']);
  expect(drafted.leftOut.map(({ what }) => what)).toEqual(['POST /login', 'POST /session']);
});

test('a question names an operation that refuses others, and suggests the owner', () => {
  const { questions } = draftOf([
    as('alice', { target: `/notes/1`, body: { id: '1', user_id: ALICE, text: 'x' } }),
    as('bob', { target: `/notes/1`, status: 403 }),
    as('bob', { target: '/feed', body: [{ id: '1', user_id: ALICE, text: 'x' }] }),
  ]);
  expect(questions).toEqual([
    expect.objectContaining({
      about: 'Note',
      suggestion: 'self',
      text: expect.stringContaining('GET /notes/{id} refuses it to others.') as string,
    }),
  ]);
});

test('at most seven questions are asked, most worth first, each with the line that answers it', () => {
  const fields = ['email', 'weight', 'city', 'age', 'gender', 'phone', 'first_name', 'iban', 'username', 'ssn'];
  const body = { id: ALICE, ...Object.fromEntries(fields.map((field) => [field, 'x'])) };
  const { questions } = draftOf([
    as('alice', { target: `/users/${ALICE}`, body }),
    { target: `/users/${ALICE}`, body },
  ]);
  expect(questions).toHaveLength(7);
  expect(questions[0]).toMatchObject({ suggestion: 'self' });
  expect(questions.map(({ worth }) => worth)).toEqual(questions.map(({ worth }) => worth).toSorted((a, b) => b - a));
  expect(new Set(questions.map(({ about }) => about)).size).toBe(7);
});
