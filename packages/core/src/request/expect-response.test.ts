import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { NOTHING_KNOWN } from '../rules/known.ts';
import type { Principal } from '../rules/principal.ts';
import { admit } from './admit.ts';
import { expectResponse } from './expect-response.ts';
import type { RequestView } from './response-plan.ts';

const SCHEMA = `
type Query { user(id: ID!): User  node(id: ID!): Node  closed: User }
interface Node { id: ID! }
type User implements Node { id: ID!  name: String }
`;
const contract = contractFrom(
  `
leakproof: 1
api: { servers: { one: { rest: 'http://api.example', graphql: 'http://api.example/graphql' } }, schema: schema.graphql }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks.json', algorithms: [ES256] }, id: claims.sub, ids: person }
states: { hidden: { of: person, lookup: POST /x } }
resources:
  User: { owner: id, see: member, fields: { id: member, name: self } }
operations:
  GET /users/{id}: { by: member, owner: path.id, query: [q], returns: User, narrow: { hidden: self } }
  GET /mine/{id}: { by: self, owner: path.id, returns: User }
  GET /me: { by: member, query: [viewer], principal: [query.viewer], returns: User }
  POST /search: { by: member, accepts: [ids], returns: [User] }
  Query.user: { by: member }
  Query.node: { by: member }
`,
  { 'schema.graphql': SCHEMA },
);
const MEMBER: Principal = { kind: 'member', id: '7', ids: 'person', space: 'all', claims: {} };

function request(method: string, target: string, body?: object): RequestView {
  const bytes = body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) };
  return { method, authority: 'api.example', target, headers: [], ...bytes };
}
const graphql = (query: string): RequestView => request('POST', '/graphql', { query });

test.each<[string, RequestView]>([
  ['for members only', request('GET', '/users/7?q=x')],
  ['for the owner only', request('GET', '/mine/7')],
  ['that names its caller', request('GET', '/me?viewer=7')],
  ['with a body', request('POST', '/search', { ids: ['7'] })],
])('the response to a request %s is the one that its caller gets, without a caller', (_title, asked) => {
  const plan = admit(contract, asked, MEMBER, NOTHING_KNOWN, true);
  const found = expectResponse(contract, asked);
  expect(plan.type).toBe('plan');
  expect(found).toEqual({ type: 'expected', ...(plan.type === 'plan' ? pick(plan) : {}) });
});

const pick = ({ operation, expected }: { operation: string; expected: unknown }): object => ({ operation, expected });

test('what a caller may not call has a response all the same', () => {
  const asked = request('GET', '/mine/8');
  expect(admit(contract, asked, MEMBER, NOTHING_KNOWN, true)).toMatchObject({ type: 'refusal' });
  expect(expectResponse(contract, asked)).toMatchObject({ type: 'expected', operation: 'GET /mine/{id}' });
});

test.each<[string, RequestView, string]>([
  ['an undeclared operation', request('GET', '/nothing'), 'LP-OPERATION-UNDECLARED'],
  ['an undeclared parameter', request('GET', '/users/7?z=1'), 'LP-PARAMETER-UNDECLARED'],
  ['a parameter twice', request('GET', '/users/7?q=1&q=2'), 'LP-REQUEST-AMBIGUOUS'],
  ['an undeclared member of the body', request('POST', '/search', { all: true }), 'LP-PARAMETER-UNDECLARED'],
  ['an undeclared root field', graphql('{ closed { id } }'), 'LP-OPERATION-UNDECLARED'],
  ['an invalid query', graphql('{ user { id } }'), 'LP-QUERY-INVALID'],
  ['no query', graphql('{'), 'LP-QUERY-INVALID'],
  ['a GraphQL request by GET', request('GET', '/graphql?query={me{id}}'), 'LP-QUERY-INVALID'],
])('%s is refused', (_title, asked, code) => {
  expect(expectResponse(contract, asked)).toMatchObject({ type: 'refusal', code });
});

test('nothing is added to a query, and an object of an abstract type is told by its __typename', () => {
  const found = expectResponse(contract, graphql('{ user(id: 7) { name } node(id: 8) { __typename id } }'));
  expect(found).toMatchObject({ type: 'expected', operation: 'Query.node,Query.user' });
  const text = JSON.stringify(found);
  expect(text).toContain('"by":"__typename"');
  expect(text).not.toContain('leakproof_');
});
