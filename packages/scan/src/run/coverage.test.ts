import { expect, test } from 'vitest';
import { replay } from '../proof/replay.ts';
import { textReport } from '../report/text-report.ts';
import { replayReport } from '../report/replay-report.ts';
import { contractOf, type Handle, optionsFor, scanApi } from '../testing/scan-api.ts';
import { scan } from './scan.ts';
import { conclude, exitOf } from './conclusion.ts';

const bare = (_style: unknown, text: string): string => text;

const BOOKS = `
resources:
  User: { owner: id, fields: { id: member, bio: self } }
  Book: { owner: user, see: self, fields: { title: self, user: self, secret: self } }
  Post: { owner: user_id, see: member, fields: { id: member, user_id: member, text: member, user: { see: member, is: User2 }, tags: { see: member, is: [Tag] } } }
  User2: { owner: id, see: self, fields: { id: self, email: self } }
  Tag: { owner: user_id, see: self, fields: { id: self, user_id: self, word: self } }
`;
const books = contractOf(`${BOOKS}
operations:
  GET /me: { by: member, returns: User }
  GET /books: { by: member, returns: [Book] }
  GET /books/{title}: { by: member, returns: Book }
`);
const bookOf = (user: string): object => ({ title: `title-of-${user}`, user, secret: `the secret of ${user}` });
const bookApi =
  (state: { open: boolean; me?: number }): Handle =>
  ({ path, caller }) => {
    if (caller === undefined) return 401;
    if (path === '/me') return state.me ?? { id: caller, bio: `the biography of ${caller}` };
    if (path === '/books') return [bookOf(caller)];
    const user = /^\/books\/title-of-(.*)$/.exec(path)?.[1] ?? '';
    return user === caller || state.open ? bookOf(user) : 404;
  };

test('a proof is closed on the fixed server, although the probe of its identities is not on its ladder', async () => {
  const state: { open: boolean; me?: number } = { open: true };
  const { options } = await optionsFor({ contract: books, handle: bookApi(state) });
  const [proof] = (await scan(options)).proofs;
  if (!proof) throw new Error('Nothing was proven.');
  expect(proof.ladder.map(({ operation }) => operation)).not.toContain('GET /me');
  expect((await replay(proof, options)).verdict).toBe('open');
  state.open = false;
  const closed = await replay(proof, options);
  expect([closed.verdict, closed.ownOperation]).toEqual([
    'closed',
    { operation: 'GET /books/{title}', verdict: 'closed' },
  ]);
});

test('why a replay cannot tell is in its text and in its JSON', async () => {
  const { options } = await optionsFor({ contract: books, handle: bookApi({ open: true }) });
  const [proof] = (await scan(options)).proofs;
  if (!proof) throw new Error('Nothing was proven.');
  const blind = {
    ...options,
    identities: {
      ...options.identities,
      identities: options.identities.identities.map((each) => ({ ...each, probe: 'none' })),
    },
  };
  const fixed = await optionsFor({ contract: books, handle: bookApi({ open: false }) });
  const replayed = await replay(proof, { ...blind, resolve: fixed.options.resolve });
  expect([replayed.verdict, replayed.reason]).toEqual(['cannot tell', 'its credential cannot be checked']);
  expect(replayReport(replayed, bare)).toMatch(
    /^\? cannot tell: its credential cannot be checked\n {2}GET \/books\/\{title\}, the operation of the finding: cannot tell\n/,
  );
  expect(replayed.unsure[0]?.reason).toBe('its credential cannot be checked');
});

test('the finding’s own operation is said first', async () => {
  const contract = contractOf(`
resources:
  User: { owner: id, fields: { id: member, bio: self } }
  Note: { owner: userId, see: self, fields: { id: self, userId: self, text: self } }
operations:
  GET /a-list: { by: member, returns: [Note] }
  GET /me: { by: member, returns: User }
  GET /notes/{id}: { by: member, returns: Note }
`);
  const state = { list: true, single: true };
  const note = (userId: string): object => ({ id: `note-${userId}`, userId, text: `the text of ${userId}` });
  const { options } = await optionsFor({
    contract,
    handle: ({ path, caller }) => {
      if (caller === undefined) return 401;
      if (path === '/me') return { id: caller, bio: `the biography of ${caller}` };
      if (path === '/a-list') return (state.list ? ['alice', 'bob'] : [caller]).map(note);
      const user = path.replace('/notes/note-', '');
      return user === caller || state.single ? note(user) : 404;
    },
  });
  const proof = (await scan(options)).proofs.find(({ finding }) => finding.operation === 'GET /notes/{id}');
  if (!proof) throw new Error('Nothing was proven.');
  state.single = false;
  const replayed = await replay(proof, options);
  expect([replayed.verdict, replayed.ownOperation?.verdict]).toEqual(['half fixed', 'closed']);
  expect(replayReport(replayed, bare).split('\n').slice(0, 2)).toEqual([
    '◐ half fixed',
    '  GET /notes/{id}, the operation of the finding: closed',
  ]);
  state.list = false;
  state.single = true;
  const open = await replay(proof, options);
  expect(open.open[0]?.operation).toBe('GET /notes/{id}');
});

const posts = contractOf(`${BOOKS}
operations:
  GET /me: { by: member, returns: User }
  GET /posts/{id}: { by: member, returns: Post }
  GET /posts: { by: member, returns: [Post] }
`);
const postApi =
  (view: (post: Readonly<Record<string, unknown>>, isOwn: boolean) => object): Handle =>
  ({ path, caller }) => {
    if (caller === undefined) return 401;
    if (path === '/me') return { id: caller, bio: `the biography of ${caller}` };
    const all = ['alice', 'bob'].map((user) => ({
      id: `post-of-${user}`,
      user_id: user,
      text: `the text of ${user}`,
      user: { id: user, email: `${user}@mail.test` },
      tags: [{ id: `tag-of-${user}`, user_id: user, word: `a word of ${user}` }],
    }));
    const views = all.map((post) => view(post, post.user_id === caller));
    return path === '/posts' ? views : (views[all.findIndex(({ id }) => path === `/posts/${id}`)] ?? 404);
  };

test.each<[string, Parameters<typeof postApi>[0]]>([
  ['omitted', ({ user, tags, ...post }, isOwn) => (isOwn ? { user, tags, ...post } : post)],
  ['null and empty', (post, isOwn) => (isOwn ? post : { ...post, user: null, tags: [] })],
])('objects that only their owner may see are not lost where they are %s for others', async (_title, view) => {
  const result = await scanApi({ contract: posts, handle: postApi(view) });
  expect(result.cells.filter(({ verdict }) => verdict !== 'by-design' && verdict !== 'enforced')).toEqual([]);
  expect(exitOf(result)).toBe(0);
});

test('a field that everybody may see is still lost where it is withheld, and the report says why', async () => {
  const result = await scanApi({
    contract: posts,
    handle: postApi(({ text, ...post }, isOwn) => (isOwn ? { text, ...post } : { ...post, user: null, tags: [] })),
  });
  expect(exitOf(result)).toBe(3);
  const report = textReport(result, bare);
  expect(report).toContain(
    'Lost by those who are allowed it\n  GET /posts/{id} to member at one: Post.text (allowed, and not received)',
  );
  expect(report.trimEnd().split('\n').at(-1)).toBe(
    'Inconclusive: no leak was proven, and not everything could be decided: 2 cells lost. Exit 3.',
  );
});

test('a state that nobody tells leaves cells unknown, with the reason in the report', async () => {
  const contract = contractOf(`
states: { hidden: { of: person, lookup: POST /lookup } }
resources:
  User: { owner: id, fields: { id: member, bio: { see: member, narrow: { hidden: self } } } }
operations:
  GET /me: { by: member, returns: User }
  GET /users/{id}: { by: member, returns: User }
`);
  const result = await scanApi({
    contract,
    handle: ({ path, caller }) => {
      if (caller === undefined) return 401;
      const id = path === '/me' ? caller : path.replace('/users/', '');
      return { id, bio: `the biography of ${id}` };
    },
  });
  expect(exitOf(result)).toBe(3);
  expect(textReport(result, bare)).toContain(
    'Unknown\n  GET /users/{id} to member at one: User.bio, User.id (unknown: hidden)',
  );
});

test('writes, and what acts on an owner’s object without returning it, are not tested; they hold data of somebody', async () => {
  const contract = contractOf(`
resources:
  User: { owner: id, fields: { id: member, bio: self } }
operations:
  GET /me: { by: member, returns: User }
  PUT /users/{name}/password: { by: self, owner: path.name, accepts: [password], returns: { ok: plain } }
  DELETE /users/{name}: { by: self, owner: path.name }
  POST /users: { by: anyone, accepts: [name], returns: { ok: plain } }
  PATCH /users/{name}: { by: self, owner: path.name, accepts: [bio], returns: User }
  GET /users/{name}/exists: { by: self, owner: path.name, returns: { exists: plain } }
  GET /version: { by: anyone, returns: { version: plain } }
`);
  const result = await scanApi({
    contract,
    handle: ({ path, caller }) =>
      path === '/me' && caller !== undefined ? { id: caller, bio: `the biography of ${caller}` } : 401,
  });
  expect(result.nobodys).toBe(1);
  expect(textReport(result, bare).split('\n').slice(0, 3)).toEqual([
    'Not tested',
    '  4 writes: DELETE /users/{name}, PATCH /users/{name}, POST /users, PUT /users/{name}/password: they may change data; name those that do not in `reads` (one)',
    '  GET /users/{name}/exists: it acts on an object that has an owner, and returns no data of it (one)',
  ]);
});

const DESCRIBED = ['GET /me', 'GET /debug/users', 'POST /users', 'GET /users/{id}.json', 'GET /posts/'];
const description = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'API', version: '1' },
  paths: Object.fromEntries(
    DESCRIBED.map((name) => {
      const [method = '', path = ''] = name.split(' ');
      const parameters = path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: {} }] : [];
      return [path, { [method.toLowerCase()]: { parameters, responses: { 200: { description: 'ok' } } } }];
    }),
  ),
});

test('operations of the description that are in no operation of the contract are not tested, and are named first', async () => {
  const contract = contractOf(
    `
resources:
  User: { owner: id, fields: { id: member, bio: self } }
operations:
  GET /me: { by: member, returns: User }
  GET /posts: { by: anyone }
`,
    description,
  );
  const result = await scanApi({
    contract,
    handle: ({ path, caller }) =>
      path === '/me' && caller !== undefined ? { id: caller, bio: `the biography of ${caller}` } : 401,
  });
  expect(exitOf(result)).toBe(0);
  const lines = textReport(result, bare).trimEnd().split('\n');
  expect(lines.slice(0, 2)).toEqual([
    'Not tested',
    '  4 operations of `api.openapi` are in no operation of the contract: GET /debug/users, POST /users, GET /users/{id}.json, GET /posts/',
  ]);
  expect(lines.at(-1)).toBe(
    'Nothing leaks in what was tested. 4 operations not tested, or not with all parameters. Exit 0.',
  );
});

test.each(['/users/{id}/', '/users/{id}.json', "/users('{id}')"])(
  'a request has the path of its operation as declared: %s',
  async (path) => {
    const contract = contractOf(`
resources:
  User: { owner: id, fields: { id: member, bio: self } }
operations:
  GET /me/: { by: member, returns: User }
  "GET ${path}": { by: member, returns: User }
`);
    const result = await scanApi({
      contract,
      handle: (request) => {
        if (request.caller === undefined) return 401;
        const id = ['alice', 'bob'].find((each) => request.path === path.replace('{id}', each));
        const owner = request.path === '/me/' ? request.caller : id;
        return owner === undefined ? 404 : { id: owner, bio: `the biography of ${owner}` };
      },
    });
    expect(result.notTested).toEqual([]);
    expect(result.findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', `GET ${path}`]]);
  },
);

test.each<[Parameters<typeof conclude>[0], number, RegExp]>([
  [
    { cells: [], findings: [], endpoints: 0, notTested: [], undeclaredInDocument: [], interrupted: false },
    3,
    /^Inconclusive: nothing could be tested/,
  ],
  [
    { cells: [], findings: [], endpoints: 1, notTested: [], undeclaredInDocument: [], interrupted: true },
    130,
    /^Interrupted/,
  ],
])('every exit code has a sentence: %#', (result, exit, sentence) => {
  expect(conclude(result)).toEqual({ exit, sentence: expect.stringMatching(sentence) });
});
