import { expect, test } from 'vitest';
import { contractOf, type Handle, scanApi } from '../testing/scan-api.ts';
import { exitOf } from './conclusion.ts';

interface Post {
  readonly id: string;
  readonly userId: string;
  readonly public: boolean;
  readonly text: string;
}

/** Six posts each; the fifth of each is private. */
const POSTS: readonly Post[] = ['alice', 'bob'].flatMap((userId) =>
  [1, 2, 3, 4, 5, 6].map((number) => ({
    id: `post-${number}-of-${userId}`,
    userId,
    public: number !== 5,
    text: `the words of ${userId} no. ${number}`,
  })),
);

const contract = contractOf(`
states: { hidden: { of: person, object: { Post: 'object.public != true' }, unknown: true } }
resources:
  User: { owner: id, fields: { id: member, bio: self } }
  Post: { owner: userId, see: member, narrow: { hidden: self }, fields: { id: member, userId: member, public: member, text: member } }
operations:
  GET /me: { by: member, returns: User }
  GET /posts: { by: member, returns: [Post] }
  GET /posts/{id}: { by: member, returns: Post }
`);

interface Flaws {
  /** Whether a private post is returned to a stranger. */
  readonly leaks?: boolean;
  /** What a response to a stranger says of `public`. */
  readonly says?: boolean;
  /** The list does not have the field `public`. */
  readonly short?: boolean;
}

const handle =
  ({ leaks = false, says, short = false }: Flaws = {}): Handle =>
  ({ path, caller }) => {
    if (caller === undefined) return 401;
    if (path === '/me') return { id: caller, bio: `the biography of ${caller}` };
    if (path === '/posts') {
      const list = POSTS.filter((post) => post.public || post.userId === caller);
      return short ? list.map(({ public: _public, ...rest }) => rest) : list;
    }
    const post = POSTS.find(({ id }) => path === `/posts/${id}`);
    if (!post || (!post.public && post.userId !== caller && !leaks)) return 404;
    return says === undefined || post.userId === caller ? post : { ...post, public: says };
  };

test('a sound API with public and private objects of one owner is clean', async () => {
  const result = await scanApi({ contract, handle: handle() });
  expect([exitOf(result), result.findings]).toEqual([0, []]);
  expect(new Set(result.cells.map(({ verdict }) => verdict))).toEqual(new Set(['by-design', 'enforced']));
});

test.each<[string, Flaws]>([
  ['', { leaks: true }],
  [', whatever the response itself says of its state', { leaks: true, says: true }],
  [', also if only the object itself tells its state', { leaks: true, short: true }],
])(
  'a private object that is returned by its id is proven, although the public ones are meant%s',
  async (_title, flaws) => {
    const result = await scanApi({ contract, handle: handle(flaws) });
    const [finding] = result.findings;
    expect([finding?.verdict, finding?.operation, finding?.check]).toEqual([
      'proven',
      'GET /posts/{id}',
      'ignored-state',
    ]);
    expect(exitOf(result)).toBe(1);
  },
);

test('one object of each answer is tried, not every object', async () => {
  const { log } = await scanApi({ contract, handle: handle() });
  const tried = new Set(log.flatMap((line) => /^GET (\/posts\/\S+) bob$/.exec(line)?.[1] ?? []));
  expect([...tried].sort()).toEqual(
    ['/posts/post-1-of-alice', '/posts/post-5-of-alice', '/posts/post-1-of-bob', '/posts/post-5-of-bob'].sort(),
  );
});

const shared = contractOf(`
relations: { reader: { of: person, object: { Doc: 'object.readers.exists(each, each == principal.id)' } } }
resources:
  User: { owner: id, fields: { id: member, bio: self } }
  Doc: { owner: userId, see: [self, reader], fields: { id: [self, reader], userId: [self, reader], readers: self, text: [self, reader] } }
operations:
  GET /me: { by: member, returns: User }
  GET /docs: { by: member, returns: [Doc] }
  GET /docs/{id}: { by: member, returns: Doc }
`);
const DOCS = ['alice', 'bob'].flatMap((userId) => [
  { id: `doc-1-of-${userId}`, userId, readers: ['carol'], text: `the first text of ${userId}` },
  {
    id: `doc-2-of-${userId}`,
    userId,
    readers: ['alice', 'bob'].filter((each) => each !== userId),
    text: `the second text of ${userId}`,
  },
]);
const docs =
  (isOpen: boolean): Handle =>
  ({ path, caller }) => {
    if (caller === undefined) return 401;
    if (path === '/me') return { id: caller, bio: `the biography of ${caller}` };
    const own = DOCS.filter(({ userId }) => userId === caller);
    if (path === '/docs') return own;
    const doc = DOCS.find(({ id }) => path === `/docs/${id}`);
    if (!doc || (doc.userId !== caller && !doc.readers.includes(caller) && !isOpen)) return 404;
    if (doc.userId === caller) return doc;
    const { readers: _readers, ...rest } = doc;
    return rest;
  };

test('a shared object is allowed to its readers, and one that is not shared is a leak', async () => {
  const sound = await scanApi({ contract: shared, handle: docs(false) });
  expect([exitOf(sound), sound.findings]).toEqual([0, []]);
  expect(sound.cells).toContainEqual(
    expect.objectContaining({ attacker: 'bob', owner: 'alice', verdict: 'by-design' }),
  );
  const open = await scanApi({ contract: shared, handle: docs(true) });
  expect(open.findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', 'GET /docs/{id}']]);
});
