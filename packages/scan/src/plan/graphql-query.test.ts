import { buildSchema, parse, validate } from 'graphql';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { describe, expect, test } from 'vitest';
import { makeRequest } from './make-request.ts';
import { queryFor } from './graphql-query.ts';
import { planReads } from './read-operations.ts';

const SCHEMA = `
type Query { me: User! user(id: ID!): User found(q: Filter!): [User] search(q: String!): People! node(id: ID!): Node time: String }
type Mutation { follow(id: ID!): User }
input Filter { q: String }
interface Node { id: ID! }
type User implements Node { id: ID! name: String parts: Parts photo(size: Int!): String followers: People code: Int unheard: String }
union Parts = Shown | Hidden
type Shown { age: Int code: Int }
type Hidden { code: String! }
type People { edges: [Edge!]! next: String }
type Edge { node: User }
`;
const CONTRACT = `
leakproof: 1
api: { servers: { one: { graphql: 'http://gql.test/graphql' } }, schema: schema.graphql }
principals: { member: { jwt: { issuer: i, audience: a, jwks: 'http://i.test/jwks', algorithms: [ES256] }, id: claims.sub, ids: person } }
resources:
  User: { owner: id, see: member, fields: { id: member, name: member, parts: member, followers: member, code: member } }
  Shown: { owner: parent, see: member, fields: { age: self, code: member } }
  Hidden: { owner: none, see: member, fields: { code: member } }
  People: { owner: none, see: member, fields: { edges: member, next: member } }
  Edge: { owner: none, see: member, fields: { node: member } }
operations: { Query.me: { by: member }, Query.user: { by: member }, Query.found: { by: member }, Query.search: { by: member }, Query.node: { by: member }, Query.time: { by: anyone }, Mutation.follow: { by: member } }
`;
const FILES: Readonly<Record<string, string>> = { 'contract.yaml': CONTRACT, 'schema.graphql': SCHEMA };
const contract = loadContractOrThrow('contract.yaml', (file) => ({ file, text: FILES[file] ?? '' }));

describe('a query for a root field', () => {
  test.each(['me', 'user', 'search', 'node', 'time'])('%s is valid by the schema', (field) => {
    const asked = queryFor(contract, field);
    const query = typeof asked === 'string' ? asked : asked.query;
    expect(validate(buildSchema(SCHEMA), parse(query))).toEqual([]);
  });

  test('asks every leaf, declared or not, every part, and the people it leads to once', () => {
    const parts =
      'parts { __typename ... on Shown { __typename age code } ... on Hidden { __typename Hidden_code: code } }';
    const person = (followers: string): string =>
      `__typename id name ${parts} followers { ${followers} next } code unheard`;
    const others = `__typename edges { __typename node { ${person('__typename')} } }`;
    expect(queryFor(contract, 'user')).toMatchObject({
      query: `query Scan($id: ID!) { user(id: $id) { ${person(others)} } }`,
      recipes: [[{ in: 'argument', name: 'id', isList: false }]],
    });
  });

  test('does not ask for lists within lists', () => {
    const asked = queryFor(contract, 'search');
    expect(typeof asked === 'string' ? asked : asked.query.split('edges').length - 1).toBe(1);
  });
});

test('what takes an object, changes something or holds nobody is passed over and said', () => {
  const plan = planReads(contract, {});
  expect(plan.endpoints.map(({ operation }) => operation.name)).toEqual([
    'Query.me',
    'Query.node',
    'Query.search',
    'Query.user',
  ]);
  expect(plan.notTested.map(({ operation, reason }) => `${operation}: ${reason}`).sort()).toEqual([
    'Mutation.follow: it may change something; only reads are tried',
    'Query.found: the argument q takes an object',
  ]);
  expect(plan.nobodys).toBe(1);
});

test('the answer is laid beside a shape that knows only what was asked', () => {
  const endpoint = planReads(contract, {}).endpoints.find(({ operation }) => operation.name === 'Query.node');
  const [recipe] = endpoint?.recipes ?? [];
  const ask = endpoint && recipe && makeRequest(contract, endpoint, recipe, ['7']);
  expect(JSON.parse(ask?.sketch.body ?? '')).toMatchObject({ variables: { id: '7' } });
  expect(JSON.stringify(ask?.expected)).not.toContain('leakproof_');
  expect(JSON.stringify(ask?.expected)).toContain('"by":"__typename"');
});
