import { loadContract } from '@leakproof/core/authoring';
import { expect, test } from 'vitest';
import type { Draft } from '../draft/draft-types.ts';
import { type Call, draftOf } from '../testing/exchanges.ts';

const SDL = `
type Query { viewer: Account  posts(first: Int): PostConnection  node(id: ID!): Node  version: String }
interface Node { id: ID! }
type Account implements Node { id: ID!  email: String  nick: String }
type Post implements Node { id: ID!  body: String  author: Account }
type PostConnection { edges: [PostEdge!]!  pageInfo: PageInfo! }
type PostEdge { cursor: String  node: Post }
type PageInfo { hasNextPage: Boolean! }
`;
const ALICE = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const BOB = '16fd2706-8baf-433b-82eb-8c7fada847da';
const query = (by: string | undefined, text: string, data: unknown): Call => ({
  ...(by === undefined ? {} : { by, claims: { sub: by === 'alice' ? ALICE : BOB } }),
  method: 'POST',
  target: '/graphql',
  sent: { query: text },
  body: { data },
});
const FEED = `query { feed: posts(first: 2) { edges { cursor node { ...P } } pageInfo { hasNextPage } } }
fragment P on Post { id text: body author { id mail: email } }`;
const feed = (id: string): unknown => ({
  feed: {
    edges: [{ cursor: 'c', node: { id: `p-${id}`, text: 'hello', author: { id, mail: 'a@example.org' } } }],
    pageInfo: { hasNextPage: false },
  },
});
const CALLS = [
  query('alice', '{ me: viewer { id email } }', { me: { id: ALICE, email: 'a@example.org' } }),
  query('bob', '{ me: viewer { id email } }', { me: { id: BOB, email: 'b@example.org' } }),
  query('alice', FEED, feed(ALICE)),
  query('bob', FEED, feed(BOB)),
];

function contractOf({ source, schema }: Draft): NonNullable<ReturnType<typeof loadContract>['contract']> {
  const { contract, problems } = loadContract('draft.yaml', (file) => ({
    file,
    text: file.endsWith('.graphql') ? (schema ?? '') : source,
  }));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!contract) throw new Error(source);
  return contract;
}

test('types that queries returned are resources with their owners, whatever aliases and fragments were used', () => {
  const { resources, operations } = contractOf(draftOf(CALLS, { schema: SDL }));
  expect(resources['Account']?.owner).toEqual([{ kind: 'person', path: ['id'] }]);
  expect(resources['Post']?.owner).toEqual([{ kind: 'person', path: ['author', 'id'] }]);
  for (const name of ['PostConnection', 'PostEdge', 'PageInfo']) expect(resources[name]?.owner).toBe('none');
  expect(Object.keys(resources['Post']?.fields ?? {})).toContain('body');
  expect(operations.map(({ name }) => name)).toEqual(['Query.posts', 'Query.viewer']);
});

test('a personal field of a type is undecided, even if anonymous callers were given it', () => {
  const more = [query(undefined, FEED, feed(ALICE)), query(undefined, FEED, feed(BOB))];
  const { resources } = contractOf(draftOf([...CALLS, ...more], { schema: SDL }));
  expect(resources['Account']?.fields['email']).toMatchObject({ grant: { see: ['self'] } });
  expect(resources['Account']?.fields['email']?.undecided).toContain('personal');
});

test('a type with the name of a resource of REST gets a resource of another name', () => {
  const rest: Call = { by: 'alice', claims: { sub: ALICE }, target: '/posts', body: [{ id: 'x1', title: 'abc' }] };
  const drafted = draftOf([...CALLS, rest], { schema: SDL });
  expect(contractOf(drafted).types).toEqual({ Post: 'PostType' });
});

test('without a schema no GraphQL is drafted, and the draft names the reason', () => {
  const { schema, leftOut, source } = draftOf(CALLS);
  expect(schema).toBeUndefined();
  expect(source).not.toContain('Query.');
  expect(leftOut).toContainEqual({ what: 'GraphQL', why: expect.stringContaining('no GraphQL schema is known') });
});
