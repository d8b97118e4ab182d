import { expect, test } from 'vitest';
import { contractOf, type Handle, scanApi } from '../testing/scan-api.ts';
import { exitOf } from './conclusion.ts';

const NOTES = [
  { id: 'note-of-alice-1', userId: 'alice', text: 'the secret of alice' },
  { id: 'note-of-bob-1', userId: 'bob', text: 'the secret of bob' },
];
const contract = (query: string, more = ''): ReturnType<typeof contractOf> =>
  contractOf(`
resources:
  User: { owner: id, fields: { id: member, bio: self } }
  Note: { owner: userId, fields: { id: self, userId: self, text: self } }
operations:
  GET /me: { by: member, returns: User }
  GET /notes: { by: member, ${query}, returns: [Note] }
${more}`);

/** The caller's notes, or those of `owner` if the API believes the parameter. */
const handle =
  (owner: (query: URLSearchParams) => string | null): Handle =>
  ({ path, query, caller }) => {
    if (caller === undefined) return 401;
    if (path === '/me') return { id: caller, bio: `the biography of ${caller}` };
    if (path !== '/notes') return 404;
    return NOTES.filter(({ userId }) => userId === (owner(query) ?? caller));
  };

test.each([
  'userId',
  'user_id',
  'userid',
  'uid',
  'owner',
  'author',
  'id',
  'username',
  'created_by',
  'members',
  'person',
])('a list that returns the objects of whoever `%s` names is a leak, although the bare list is sound', async (name) => {
  const result = await scanApi({
    contract: contract(`query: [${name}]`),
    handle: handle((query) => query.get(name)),
  });
  const [finding] = result.findings;
  expect([finding?.verdict, finding?.operation, finding?.attackers]).toEqual([
    'proven',
    'GET /notes',
    ['alice', 'bob'],
  ]);
  expect(exitOf(result)).toBe(1);
  expect(result.proofs[0]?.requests).toContainEqual(
    expect.objectContaining({ as: 'bob', input: { [name]: 'alice.id' } }),
  );
});

test('a parameter that must name the caller is sent with the ids of others', async () => {
  const result = await scanApi({
    contract: contract('query: [for], principal: [query.for]'),
    handle: handle((query) => query.get('for')),
  });
  expect(result.findings.map(({ verdict }) => verdict)).toEqual(['proven']);
});

test('a parameter of an operation with a path parameter is tried too', async () => {
  const operation = '  GET /boxes/{box}/notes: { by: member, query: [userId], returns: [Note] }';
  const result = await scanApi({
    contract: contract('query: [page]', operation),
    handle: (request) => {
      const { path, query, caller } = request;
      const boxed = /^\/boxes\/(.*)\/notes$/.exec(path);
      if (!boxed) return handle(() => null)(request);
      if (caller === undefined || boxed[1] !== caller) return 403;
      return NOTES.filter(({ userId }) => userId === (query.get('userId') ?? caller));
    },
  });
  expect(result.log).toContain('GET /boxes/alice/notes?userId=alice bob');
  expect(result.log).toContain('GET /boxes/alice/notes?userId=alice alice');
});

test.each<[string, Handle]>([
  ['ignored', handle(() => null)],
  [
    'refused for others',
    (request) =>
      request.query.has('userId') && request.query.get('userId') !== request.caller ? 403 : handle(() => null)(request),
  ],
])('a parameter that is %s is clean, and nothing is lost', async (_title, sound) => {
  const result = await scanApi({ contract: contract('query: [userId]'), handle: sound });
  expect([exitOf(result), result.findings, result.notTested]).toEqual([0, [], []]);
  expect(new Set(result.cells.map(({ verdict }) => verdict))).toEqual(new Set(['by-design', 'enforced']));
});

test('a parameter that no value of an owner fits is not tested, and said', async () => {
  const result = await scanApi({
    contract: contract('query: [_expand, page, userId], headers: [x-tenant]'),
    handle: handle(() => null),
  });
  expect(result.log.filter((line) => /_expand|page/.test(line))).toEqual([]);
  expect(result.notTested).toEqual([
    expect.objectContaining({
      operation: 'GET /notes',
      reason: '`_expand`, `page`, `x-tenant` never sent; give a value in `inputs`',
    }),
  ]);
});

test('a parameter with a value in `inputs` is sent, and tested', async () => {
  const result = await scanApi({
    contract: contract('query: [_expand]'),
    handle: handle(() => null),
    hints: 'inputs: { GET /notes: { query._expand: user } }',
  });
  expect(result.log).toContain('GET /notes?_expand=user bob');
  expect(result.notTested).toEqual([]);
});

test('a parameter whose values return nothing of their owner is not tested', async () => {
  const result = await scanApi({
    contract: contract('query: [username]'),
    handle: handle((query) => (query.has('username') ? 'nobody' : null)),
  });
  expect(result.notTested.map(({ reason }) => reason)).toEqual([
    'no value for `username` returned an own object; give a value in `inputs`',
  ]);
});

test('a parameter that is called like the contract calls the owner is tried', async () => {
  const sold = contractOf(`
resources:
  User: { owner: id, fields: { id: member, bio: self } }
  Offer: { owner: sellerId, see: self, fields: { sellerId: self, price: self } }
operations:
  GET /me: { by: member, returns: User }
  GET /offers: { by: member, query: [seller], returns: [Offer] }
`);
  const result = await scanApi({
    contract: sold,
    handle: ({ path, query, caller }) => {
      if (caller === undefined) return 401;
      if (path === '/me') return { id: caller, bio: `the biography of ${caller}` };
      const sellerId = query.get('seller') ?? caller;
      return [{ sellerId, price: `a price of ${sellerId}` }];
    },
  });
  expect(result.findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', 'GET /offers']]);
});

test('a header that names whose objects are returned is a leak too', async () => {
  const result = await scanApi({
    contract: contract('headers: [x-user-id, x-trace]'),
    handle: (request) => handle(() => request.header('x-user-id') ?? null)(request),
  });
  expect(result.findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', 'GET /notes']]);
  expect(result.notTested.map(({ reason }) => reason)).toEqual(['`x-trace` never sent; give a value in `inputs`']);
});

const SEARCH = '  POST /search: { by: member, accepts: [text, userId, limit], returns: [Note] }';
const searched: Handle = (request) => {
  if (request.path !== '/search') return handle(() => null)(request);
  if (request.caller === undefined) return 401;
  const { userId = request.caller } = JSON.parse(request.body) as { userId?: string };
  return NOTES.filter((note) => note.userId === userId);
};

test('a property of a body that names whose objects are returned is a leak too, and one that was never sent is not tested', async () => {
  const result = await scanApi({
    contract: contract('query: [page]', SEARCH),
    handle: searched,
    hints: 'reads: [POST /search]',
  });
  expect(result.findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', 'POST /search']]);
  expect(result.notTested.map(({ operation, reason }) => [operation, reason])).toEqual([
    ['GET /notes', '`page` never sent; give a value in `inputs`'],
    ['POST /search', '`limit` never sent; give a value in `inputs`'],
  ]);
});

test.each(['userId', 'user.id'])(
  'a body whose `%s` must name the caller is sent with the ids of others',
  async (member) => {
    const [first = '', below] = member.split('.');
    const result = await scanApi({
      contract: contract(
        'query: []',
        `  POST /search: { by: member, accepts: [${first}], principal: [body.${member}], returns: [Note] }`,
      ),
      handle: (request) => {
        if (request.path !== '/search') return handle(() => null)(request);
        const { [first]: value } = JSON.parse(request.body) as Record<string, unknown>;
        const owner = below === undefined ? value : (value as Record<string, unknown>)[below];
        return request.caller === undefined ? 401 : NOTES.filter((note) => note.userId === owner);
      },
      hints: 'reads: [POST /search]',
    });
    expect(result.findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', 'POST /search']]);
    expect(
      result.cells.filter(({ attacker, owner, verdict }) => attacker === owner && verdict !== 'by-design'),
    ).toEqual([]);
  },
);
