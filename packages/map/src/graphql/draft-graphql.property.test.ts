import { loadContract } from '@leakproof/core/authoring';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../draft/draft-types.ts';
import { type Call, draftOf } from '../testing/exchanges.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);

/** Types and fields with the names of words of the contract, of resources of REST, and of members of objects. */
const SDL = `
type Query { me: User  user(id: ID!): User  users: [User!]!  notes(owner: ID): NotePage  any: Any  node(id: ID!): Node  see: Fields  count: Int }
interface Node { id: ID! }
union Any = User | Note
type User implements Node { id: ID!  email: String  username: String  notes: [Note]  see: String  constructor: String  toString: Int }
type Note implements Node { id: ID!  owner: User  text: String  by: String  key: String  is_private: Boolean }
type NotePage { data: [Note]  total: Int  fields: Fields }
type Fields { owner: String  narrow: [User]  undecided: Boolean }
type Error { id: ID!  email: String }
`;

const QUERIES = [
  '{ me { id email username see constructor toString notes { id text by key is_private } } }',
  '{ who: me { key: id mail: email name: username } }',
  'query Q($id: ID!) { user(id: $id) { __typename id email } node(id: $id) { __typename id ... on User { email } } }',
  '{ users { id username notes { id owner { id } } } }',
  'query { notes(owner: "1") { data { ...N } total fields { owner narrow { id } undecided } } } fragment N on Note { id owner { id email } is_private }',
  '{ any { __typename ... on User { id email } ... on Note { id text } } }',
  '{ see { owner narrow { id email } } count }',
  'mutation { me { id } }',
  '{ me { id',
  '{ nothing { id } }',
];
const KEYS = [
  'id',
  '__typename',
  'email',
  'owner',
  'notes',
  'data',
  'narrow',
  'fields',
  'see',
  'constructor',
  'text',
  'is_private',
  '__proto__',
  'key',
  'mail',
  'name',
  'username',
  'by',
];
const ROOTS = ['me', 'who', 'user', 'users', 'notes', 'any', 'node', 'see', 'count', 'constructor'];

/** `values`: the scalars of the answers. */
function callsWith(values: fc.Arbitrary<unknown>): fc.Arbitrary<Call[]> {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      values,
      fc.constantFrom('User', 'Note', null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 6 }),
    ),
  })).value;
  const who = fc.constantFrom(
    { by: 'alice', claims: { sub: '1' } },
    { by: 'bob', claims: { sub: '2' } },
    { by: 'carol' },
    {},
  );
  const graphql = fc
    .record({
      who,
      query: fc.constantFrom(...QUERIES),
      data: fc.oneof(fc.dictionary(fc.constantFrom(...ROOTS), value, { maxKeys: 3 }), value),
      time: fc.nat(3),
      host: fc.constantFrom('api.example', 'gql.example:8080'),
    })
    .map(({ who: caller, query, data, ...more }): Call => ({
      ...caller,
      ...more,
      method: 'POST',
      target: '/graphql',
      sent: { query, variables: { id: '1' } },
      body: { data },
    }));
  const rest = fc
    .record({
      who,
      target: fc.constantFrom('/users', '/users/1', '/notes', '/errors', '/fields'),
      body: value,
      time: fc.nat(3),
    })
    .map(({ who: caller, ...more }): Call => ({ ...caller, ...more }));
  return fc.array(fc.oneof({ weight: 3, arbitrary: graphql }, { weight: 1, arbitrary: rest }), { maxLength: 10 });
}

/** The caller's own address. */
const OWN: Call = {
  by: 'alice',
  claims: { sub: '1' },
  method: 'POST',
  target: '/graphql',
  sent: { query: QUERIES[0] },
  body: { data: { me: { id: '1', email: 'a@example.org' } } },
};
const ids = fc.constantFrom<unknown>('1', '2', 1, 2, 'a@example.org', 'n-1', '');

function compiled({ source, schema }: Draft) {
  const { contract, problems } = loadContract('draft.yaml', (file) => ({
    file,
    text: file.endsWith('.graphql') ? (schema ?? '') : source,
  }));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!contract) throw new Error('no contract');
  return contract;
}

describe('a draft of GraphQL results, beside REST or not,', () => {
  test('compiles whatever they contain', () => {
    let operations = 0;
    fc.assert(
      fc.property(callsWith(ids), (calls) => {
        const contract = compiled(draftOf(calls, { schema: SDL }));
        operations += contract.operations.filter(({ protocol }) => protocol === 'graphql').length;
      }),
      { numRuns: RUNS },
    );
    expect(operations).toBeGreaterThan(RUNS / 10);
  });

  test('allows nobody a personal field but its owner', () => {
    let checked = 0;
    fc.assert(
      fc.property(callsWith(ids), (calls) => {
        // Resources of REST have rules of their own.
        const ofGraphql = calls.filter(({ target }) => target === '/graphql');
        const { resources } = compiled(draftOf([OWN, ...ofGraphql], { schema: SDL }));
        const see = resources['User']?.fields['email']?.grant.see ?? [];
        expect(see.filter((each) => each !== 'self' && each !== 'nobody')).toEqual([]);
        checked += see.length;
      }),
      { numRuns: RUNS },
    );
    expect(checked).toBeGreaterThan(RUNS / 2);
  });

  test('is the same for the same exchanges in another order, if their times are equal', () => {
    const shuffled = callsWith(ids)
      .map((calls) => calls.map((call) => ({ ...call, time: 0 })))
      .chain((calls) => fc.tuple(fc.constant(calls), fc.shuffledSubarray(calls, { minLength: calls.length })));
    fc.assert(
      fc.property(shuffled, ([a, b]) => {
        const [x, y] = [draftOf(a, { schema: SDL }), draftOf(b, { schema: SDL })];
        expect([y.source, y.rules, y.questions]).toEqual([x.source, x.rules, x.questions]);
      }),
      { numRuns: RUNS },
    );
  });

  test('contains no value of an answer', () => {
    const values = fc.constantFrom<unknown>('zqmail@example.org', 'Zqname', 'zq5f3a9c1b7e', 'zq city');
    fc.assert(
      fc.property(callsWith(values), (calls) => {
        const { source, rules, questions, leftOut, schema } = draftOf(calls, { schema: SDL });
        expect(JSON.stringify([source, rules, questions, leftOut, schema])).not.toMatch(/zq/i);
      }),
      { numRuns: RUNS },
    );
  });
});
