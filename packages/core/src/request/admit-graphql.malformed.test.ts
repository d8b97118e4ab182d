import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { FUZZ_TIMEOUT_MS, fuzzing, mutated } from '../testing/fuzz.ts';
import { readJson } from '../wire/json.ts';
import { admit } from './admit.ts';
import { NOTHING_KNOWN } from '../rules/known.ts';
import { ANONYMOUS } from '../rules/principal.ts';
import { seal } from '../response/seal.ts';

const contract = contractFrom(
  `
leakproof: 1
api: { servers: { one: { graphql: 'http://api.example/graphql' } }, schema: s }
resources:
  User: { owner: id, see: anyone, fields: { id: anyone, name: anyone, posts: { is: [Post] } } }
  Post: { owner: author.id, fields: { id: anyone, text: anyone, author: { is: User } } }
operations: { Query.me: { by: anyone }, Query.found: { by: anyone }, Mutation.rename: { by: anyone } }
`,
  {
    s: `type Query { me(id: ID, in: In): User  found: [Found] } type Mutation { rename(name: String!): User } input In { a: [In], b: Int }
        union Found = User | Post  type User { id: ID! name: String posts(first: Int): [Post!]! } type Post { id: ID! text: String author: User }`,
  },
);

const DOCUMENTS = [
  'query Q($id: ID = 1, $in: In) { a: me(id: $id, in: $in) { id ...F @include(if: true) } found { __typename ... on Post { text author { name } } } } fragment F on User { name posts(first: 2) { id } }',
  '{ me(in: { a: [{ b: 1 }, { a: [] }] }) { id } }',
  'mutation { rename(name: """x""") { id } }',
  'subscription S { me { id } }',
  '{ __schema { types { name } } }',
];
const WORDS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '$',
  '@',
  '...',
  '...F ',
  'on ',
  'fragment F on User ',
  'query ',
  '"',
  '"""',
  '\\',
  '#',
  'me',
  'id ',
  'leakproof_id',
  '__typename ',
  '\u0000',
  '\ud800',
  '{a:[',
  'me{id}',
  '&',
  '!',
  '1e999',
];
/** What a GraphQL document can be refused for. */
const REFUSALS = ['400 LP-QUERY-INVALID', '400 LP-JSON-INVALID', '400 LP-JSON-TOO-DEEP', '404 LP-OPERATION-UNDECLARED'];
const ANSWER = readJson(
  '{"data":{"a":{"id":"7","name":"x","posts":[{"id":1}],"leakproof_id":"7"},"me":null,"found":[{"leakproof_type":"Post"},{}]}}',
);

test(
  'whatever is made of a document, it is admitted or refused with a code, and its answer can be sealed',
  { timeout: FUZZ_TIMEOUT_MS },
  () => {
    const counts = { refusal: 0, plan: 0, ask: 0 };
    fc.assert(
      fc.property(mutated(DOCUMENTS, WORDS), fc.json(), (query, variables) => {
        const body = new TextEncoder().encode(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
        const result = admit(
          contract,
          { method: 'POST', authority: 'api.example', target: '/graphql', headers: [], body },
          ANONYMOUS,
          NOTHING_KNOWN,
          true,
        );
        counts[result.type]++;
        if (result.type === 'refusal') expect(REFUSALS).toContain(`${result.status} ${result.code}`);
        if (result.type === 'plan')
          seal(contract, ANSWER, {
            expected: result.expected,
            principal: ANONYMOUS,
            mode: 'enforce',
            known: NOTHING_KNOWN,
            final: true,
          });
      }),
      fuzzing(),
    );
    expect(counts.refusal).toBeGreaterThan(50);
    expect(counts.plan).toBeGreaterThan(5);
  },
);
