import { buildSchema, parse, validate } from 'graphql';
import { loadContractOrThrow } from '@leakproof/core/authoring';
import { describe, expect, test } from 'vitest';
import { makeRequest } from './make-request.ts';
import { queryFor } from './graphql-query.ts';
import { planReads } from './plan-reads.ts';

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
operations: { Query.me: { by: member }, Query.user: { by: member }, Query.found: { by: member }, Query.search: { by: member }, Query.node: { by: member }, Query.time: { by: anyone, returns: plain }, Mutation.follow: { by: member } }
`;
const FILES: Readonly<Record<string, string>> = { 'contract.yaml': CONTRACT, 'schema.graphql': SCHEMA };
const contract = loadContractOrThrow('contract.yaml', (file) => ({ file, text: FILES[file] ?? '' }));

describe('a query for a root field', () => {
  test.each(['me', 'user', 'search', 'node', 'time'])('%s is valid by the schema', (field) => {
    const found = queryFor(contract, field);
    const query = typeof found === 'string' ? found : found.query;
    expect(validate(buildSchema(SCHEMA), parse(query))).toEqual([]);
  });

  test('selects every leaf, declared or not, every part, and linked people once', () => {
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

  test('does not select lists in lists', () => {
    const found = queryFor(contract, 'search');
    expect(typeof found === 'string' ? found : found.query.split('edges').length - 1).toBe(1);
  });
});

test('operations that need an input object or change data are not tested, with the reason; ownerless ones are counted', () => {
  const plan = planReads(contract, {});
  expect(plan.operations.map(({ declared }) => declared.name)).toEqual([
    'Query.me',
    'Query.node',
    'Query.search',
    'Query.user',
  ]);
  expect(plan.notTested.map(({ operation, reason }) => `${operation}: ${reason}`).sort()).toEqual([
    'Mutation.follow: it may change data; only reads are tried',
    'Query.found: the argument q is an input object, which is not filled',
  ]);
  expect(plan.ownerless).toBe(1);
});

test('a response is read by the shape of the query that was sent, without the fields the guard adds', () => {
  const operation = planReads(contract, {}).operations.find(({ declared }) => declared.name === 'Query.node');
  const [recipe] = operation?.recipes ?? [];
  const request = operation && recipe && makeRequest(contract, { operation, recipe, values: ['7'] });
  expect(JSON.parse(request?.template.body ?? '')).toMatchObject({ variables: { id: '7' } });
  expect(JSON.stringify(request?.expected)).not.toContain('leakproof_');
  expect(JSON.stringify(request?.expected)).toContain('"by":"__typename"');
});
