import { parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { admit } from './admit.ts';
import { NOTHING_KNOWN } from '../rules/known.ts';
import { ANONYMOUS, type Principal } from '../rules/principal.ts';

const SCHEMA = `
schema { query: Root, mutation: Changes }
type Root { me: User  user(id: ID!, viewer: ID): User  node(id: ID!): Node  feed: [Item!]  stats: Stats  closed: User  mine(viewer: ID = "8"): User }
type Changes { rename(name: String!): User }
interface Node { id: ID! }
union Item = User | Post
type User implements Node { id: ID!  name: String  friends(first: Int): [User]  meta: Meta  card(kind: String!): String }
type Meta { open: Boolean  deep: Meta }
type Post implements Node { id: ID!  author: User  text: String  group: Group }
type Group { members: [User] }
type Stats { n: Int  mean: Float }
`;
const contract = contractFrom(
  `
leakproof: 1
api: { servers: { one: { graphql: 'http://api.example/graphql' } }, schema: schema.graphql }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks.json', algorithms: [ES256] }, id: claims.sub, ids: person }
states: { open: { of: person, object: { User: object.meta.open } } }
resources:
  User: { owner: id, see: anyone, fields: { id: anyone, name: member, friends: { is: [User] }, meta: { is: any, see: member } } }
  Post: { owner: [{ person: author.id }], about: [{ person: 'group.members[].id' }], fields: { id: member, text: member, author: { is: User } } }
  Stats: { aggregate: { of: User, count: n, min: 9 }, see: anyone, fields: { n: anyone, mean: anyone } }
operations:
  Query.me: { by: member }
  Query.user: { by: anyone, principal: ['argument.viewer?'] }
  Query.mine: { by: member, principal: [argument.viewer] }
  Query.node: { by: anyone }
  Query.feed: { by: anyone }
  Query.stats: { by: anyone, mode: monitor }
  Mutation.rename: { by: member }
`,
  { 'schema.graphql': SCHEMA },
);
const member: Principal = { kind: 'member', id: '7', ids: 'person', space: 'all', claims: {} };

function asked(
  query: string,
  { as = member, ...more }: { as?: Principal; variables?: unknown; operationName?: unknown } = {},
) {
  const body = new TextEncoder().encode(JSON.stringify({ query, ...more }));
  return admit(
    contract,
    { method: 'POST', authority: 'api.example', target: '/graphql', headers: [], body },
    as,
    NOTHING_KNOWN,
    true,
  );
}

function outcome(query: string, more?: Parameters<typeof asked>[1]): string {
  const result = asked(query, more);
  return result.type === 'refusal' ? `${result.status} ${result.code}` : result.type;
}

function sent(query: string): string {
  const result = asked(query);
  if (result.type !== 'plan') throw new Error(JSON.stringify(result));
  return (JSON.parse(result.body ?? '') as { query: string }).query;
}

describe('the evidence is added to what is sent on:', () => {
  test.each([
    [
      'the id of the owner',
      '{ me { name } }',
      '{ me { name leakproof_id: id leakproof_meta: meta { leakproof_open: open } } }',
    ],
    [
      'under every alias of the client',
      '{ a: me { id: name } }',
      '{ a: me { id: name leakproof_id: id leakproof_meta: meta { leakproof_open: open } } }',
    ],
    [
      'in nested objects and lists',
      '{ me { friends(first: 2) { name } } }',
      '{ me { friends(first: 2) { name leakproof_id: id leakproof_meta: meta { leakproof_open: open } } leakproof_id: id leakproof_meta: meta { leakproof_open: open } } }',
    ],
    ['the count of a crowd', '{ stats { mean } }', '{ stats { mean leakproof_n: n } }'],
    ['nothing to the root', '{ __typename }', '{ __typename }'],
  ])('%s', (_, query, expected) => expect(sent(query)).toBe(print(parse(expected))));

  test('an interface tells its type, and each type whose it is', () => {
    const document = sent('{ node(id: 1) { id } }');
    expect(document).toContain('leakproof_type: __typename');
    expect(document).toMatch(/\.\.\. on Post \{\s+leakproof_author: author \{\s+leakproof_id: id/);
    expect(document).toMatch(/leakproof_group: group \{\s+leakproof_members: members \{\s+leakproof_id: id/);
    expect(document).toMatch(/\.\.\. on User \{\s+leakproof_id: id/);
  });

  test('fragments get it where they stand', () =>
    expect(sent('{ me { ...F } } fragment F on User { name }')).toMatch(
      /fragment F on User \{\s+name\s+leakproof_id: id/,
    ));

  test('extensions are accepted and not forwarded', () => {
    for (const extensions of ['{}', 'null', '{"clientLibrary":{"name":"@apollo/client","version":"4.1.0"}}']) {
      const body = new TextEncoder().encode(`{"query":"{ me { id } }","extensions":${extensions}}`);
      const line = { method: 'POST', authority: 'api.example', target: '/graphql', headers: [], body };
      const plan = admit(contract, line, member, NOTHING_KNOWN, true);
      expect(plan).toMatchObject({ type: 'plan' });
      expect(plan.type === 'plan' && plan.body).not.toContain('extensions');
    }
  });

  test('name and variables are forwarded as sent', () => {
    const query = 'query Q($id: ID!) { user(id: $id) { name } }';
    const body = new TextEncoder().encode(
      `{"operationName":"Q","variables":{ "id" : 9007199254740993 },"query":${JSON.stringify(query)}}`,
    );
    const plan = admit(
      contract,
      { method: 'POST', authority: 'api.example', target: '/graphql', headers: [], body },
      member,
      NOTHING_KNOWN,
      true,
    );
    expect(plan.type === 'plan' && plan.body).toContain('"operationName":"Q","variables":{ "id" : 9007199254740993 }');
  });
});

describe('a request is turned away', () => {
  test.each<[string, string, Parameters<typeof asked>[1], string]>([
    ['whose root field nobody declared', '{ closed { id } }', {}, '404 LP-OPERATION-UNDECLARED'],
    [
      'with one such among others, in a fragment, under an alias',
      '{ me { id } ...F } fragment F on Root { me2: closed { id } }',
      {},
      '404 LP-OPERATION-UNDECLARED',
    ],
    ['that only a member may make', '{ me { id } }', { as: ANONYMOUS }, '401 LP-CALLER-UNKNOWN'],
    [
      'to change something without a credential',
      'mutation { rename(name: "x") { id } }',
      { as: ANONYMOUS },
      '401 LP-CALLER-UNKNOWN',
    ],
    ['that says it is somebody else', '{ user(id: 1, viewer: "8") { id } }', {}, '403 LP-PRINCIPAL-ASSERTED'],
    [
      'that says so in a variable',
      'query Q($v: ID) { user(id: 1, viewer: $v) { id } }',
      { variables: { v: '8' } },
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    [
      'that says so by a default',
      'query Q($v: ID = "8") { user(id: 1, viewer: $v) { id } }',
      {},
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    [
      'that says so the second time',
      '{ a: user(id: 1, viewer: "7") { id } b: user(id: 1, viewer: "8") { id } }',
      {},
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    ['that must name its caller and does not', '{ mine { id } }', {}, '400 LP-PRINCIPAL-ASSERTED'],
    [
      'that must name its caller and leaves it to a variable that is absent',
      'query Q($v: ID) { mine(viewer: $v) { id } }',
      {},
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    ['that says so by null', '{ user(id: 1, viewer: null) { id } }', {}, '403 LP-PRINCIPAL-ASSERTED'],
    ['that uses our prefix', '{ me { leakproof_id: name } }', {}, '400 LP-QUERY-INVALID'],
    ['that uses it at the root', '{ leakproof_x: me { id } }', {}, '400 LP-QUERY-INVALID'],
    [
      'that uses it in an operation that will not run',
      'query A { me { id } } query B { me { leakproof_id: name } }',
      { operationName: 'A' },
      '400 LP-QUERY-INVALID',
    ],
    ['that the schema does not know', '{ me { password } }', {}, '400 LP-QUERY-INVALID'],
    ['that is no document', '{ me { id }', {}, '400 LP-QUERY-INVALID'],
    ['that is empty', '', {}, '400 LP-QUERY-INVALID'],
    ['that does not say which operation', 'query A { me { id } } query B { me { id } }', {}, '400 LP-QUERY-INVALID'],
    ['that names an operation it has not', 'query A { me { id } }', { operationName: 'B' }, '400 LP-QUERY-INVALID'],
    ['that names none by an empty name', '{ me { id } }', { operationName: '' }, '400 LP-QUERY-INVALID'],
    ['whose name is no text', '{ me { id } }', { operationName: 1 }, '400 LP-QUERY-INVALID'],
    ['whose variables are a list', '{ me { id } }', { variables: [] }, '400 LP-QUERY-INVALID'],
    ['that streams', '{ feed @stream { ... on User { id } } }', {}, '400 LP-QUERY-INVALID'],
    [
      'that is deeper than the limit',
      `{ me { ${'friends { '.repeat(16)} id ${'}'.repeat(16)} } }`,
      {},
      '400 LP-QUERY-INVALID',
    ],
    [
      'with a fragment in itself',
      '{ me { ...F } } fragment F on User { friends { ...F } }',
      {},
      '400 LP-QUERY-INVALID',
    ],
    ['for the schema itself', '{ __schema { types { name } } }', {}, '404 LP-OPERATION-UNDECLARED'],
    ['for one type of it', '{ __type(name: "User") { name } }', {}, '404 LP-OPERATION-UNDECLARED'],
  ])('%s', (_, query, more, expected) => expect(outcome(query, more)).toBe(expected));

  test.each([
    ['a batch', '[{"query":"{me{id}}"}]'],
    ['a member that is not of the request', '{"query":"{me{id}}","id":"x"}'],
    ['extensions that are no object', '{"query":"{me{id}}","extensions":[]}'],
    ['a persisted query without its document', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}'],
    ['its query twice', '{"query":"{me{id}}","query":"{closed{id}}"}'],
    ['its query twice, once in escapes', '{"query":"{me{id}}","qu\\u0065ry":"{closed{id}}"}'],
    ['no JSON', 'query={me{id}}'],
    ['nothing', ''],
  ])('whose body is %s', (_, text) => {
    const body = new TextEncoder().encode(text);
    const result = admit(
      contract,
      { method: 'POST', authority: 'api.example', target: '/graphql', headers: [], body },
      member,
      NOTHING_KNOWN,
      true,
    );
    expect(result).toMatchObject({ type: 'refusal', status: 400 });
  });
});

describe('a request may go on', () => {
  test.each<[string, string, Parameters<typeof asked>[1]]>([
    ['of a member', '{ me { id name } }', {}],
    ['that says truly who it is', 'query Q($v: ID) { user(id: 1, viewer: $v) { id } }', { variables: { v: '7' } }],
    ['that names its caller where it must', '{ mine(viewer: "7") { id } }', {}],
    ['that says so as a number', '{ user(id: 1, viewer: 7) { id } }', {}],
    [
      'that says so as a number in a variable',
      'query Q($v: ID) { user(id: 1, viewer: $v) { id } }',
      { variables: { v: 7 } },
    ],
    ['that does not say who it is', '{ user(id: 1) { id } }', { as: ANONYMOUS }],
    ['that names the operation that runs', 'query A { me { id } } query B { closed { id } }', { operationName: 'A' }],
    ['that changes something', 'mutation { rename(name: "x") { id } }', {}],
    ['whose root type has a name of its own', '{ __typename }', { as: ANONYMOUS }],
    ['with null for name and variables', '{ me { id } }', { operationName: null, variables: null }],
  ])('%s', (_, query, more) => expect(outcome(query, more)).toBe('plan'));
});

test('its root fields are its operation, and enforce wins', () => {
  expect(asked('{ b: stats { n } a: stats { n } }')).toMatchObject({ operation: 'Query.stats', mode: 'monitor' });
  expect(asked('{ stats { n } me { id } }')).toMatchObject({ operation: 'Query.me,Query.stats', mode: 'enforce' });
});

describe('a document that is made to be slow is refused, not read to its end:', () => {
  const fragments = Array.from(
    { length: 40 },
    (_, index) => `fragment F${index} on Node { ...F${index + 1} ...F${index + 1} }`,
  ).join(' ');
  test.each([
    [
      'fragments that double, with no field for the type at hand',
      `{ node(id: 1) { ...F0 } } ${fragments} fragment F40 on Node { ... on Post { id } }`,
    ],
    ['fragments that double, with one', `{ node(id: 1) { ...F0 } } ${fragments} fragment F40 on Node { id }`],
    ['a field many times', `{ ${'me { id } '.repeat(900)} }`],
    ['aliases', `{ ${Array.from({ length: 600 }, (_, index) => `a${index}: me { id }`).join(' ')} }`],
    ['a list in lists', `{ user(id: ${'['.repeat(3_000)}) { id } }`],
    ['brackets', '{'.repeat(3_900)],
    ['more tokens than the limit', `{ ${'me '.repeat(5_000)} }`],
  ])('%s', (_, query) => expect(outcome(query)).toBe('400 LP-QUERY-INVALID'));
});
