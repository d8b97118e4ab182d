import { describe, expect, test } from 'vitest';
import { startSmallServer, type SmallAnswer, type SmallRequest } from '../testing/small-server.ts';
import { curlExchanges, proveSmall } from '../testing/prove-server.ts';
import { planProve } from './prove-plan.ts';
import { exitOfProven } from './prove-report.ts';

// Servers, credentials and captures that misbehave: each ends in a clear state, and exit 3 where nothing can be trusted.

const IDS = { alice: '5f0a1b2c-0001-4a7e-9d10-aaaaaaaaaaaa', bob: '5f0a1b2c-0002-4a7e-9d10-bbbbbbbbbbbb' } as const;

/** A sound API: everybody reads the own account only. */
function soundApi({ path, caller }: SmallRequest): SmallAnswer {
  const id = IDS[caller as keyof typeof IDS];
  if (!id) return { status: 401 };
  return path === '/me' || path === `/users/${id}`
    ? { body: { id, email: `${caller}.zq7k@example.test`, bio: `bio of ${caller} 77ab` } }
    : { status: path === '/users' ? 403 : 404 };
}
const TARGETS = ['/me'];

describe('a server that', () => {
  test('never answers is unreachable', async () => {
    const { origin } = await startSmallServer(() => 'handled');
    await expect(proveSmall({ origin, targets: TARGETS }, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'LP-TARGET-UNREACHABLE',
    });
  });

  test('answers one byte after another without end is given up', async () => {
    const { origin } = await startSmallServer((_request, { response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
      return 'handled';
    });
    await expect(proveSmall({ origin, targets: TARGETS }, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'LP-TARGET-UNREACHABLE',
    });
  });

  test('resets connections is unreachable', async () => {
    const { origin } = await startSmallServer((_request, { request }) => {
      request.socket.resetAndDestroy();
      return 'handled';
    });
    await expect(proveSmall({ origin, targets: TARGETS })).rejects.toMatchObject({ code: 'LP-TARGET-UNREACHABLE' });
  });

  test('redirects to another host is not followed there', async () => {
    const other = await startSmallServer(() => ({ body: {} }));
    const { origin } = await startSmallServer((request) =>
      request.path === '/away'
        ? { status: 302, headers: { location: `${other.origin}/me` } }
        : request.path === '/me' && request.caller === 'alice'
          ? {
              body: {
                id: IDS.alice,
                email: 'a.zq7k@example.test',
                url: `${other.origin}/x`,
                next: `${other.origin}/y`,
              },
            }
          : soundApi(request),
    );
    await proveSmall({ origin, targets: ['/me', '/away'] });
    expect(other.log).toEqual([]);
  });

  test.each([
    ['the same JSON', { body: { ok: true } }],
    ['the same page', { text: '<html><body>app</body></html>' }],
  ])('answers 200 with %s to everything shows no identity to be logged in', async (_, answer) => {
    const { origin } = await startSmallServer(() => answer);
    await expect(proveSmall({ origin, targets: TARGETS })).rejects.toMatchObject({
      code: expect.stringMatching(/LP-IDENTITY-DEAD|LP-TARGET-UNREACHABLE/) as string,
    });
  });

  test('limits requests is left alone, and the rest is not tested', async () => {
    const { origin, log } = await startSmallServer((request) =>
      request.path.startsWith('/items') ? { status: 429, headers: { 'retry-after': '0' } } : soundApi(request),
    );
    const targets = ['/me', ...Array.from({ length: 6 }, (_, index) => `/items/${index}`), '/never-reached'];
    const proven = await proveSmall({ origin, targets });
    expect(proven.notTested.map(({ why }) => why)).toContain('the server limits its requests');
    expect(log.filter((each) => each.startsWith('GET /never-reached'))).toEqual([]);
    expect(exitOfProven(proven)).toBe(3);
  });

  test('locks the account stops everything', async () => {
    const { origin } = await startSmallServer((request) =>
      request.path === '/settings' && request.caller === 'bob' ? { status: 423 } : soundApi(request),
    );
    await expect(proveSmall({ origin, targets: ['/me', '/settings'] })).rejects.toMatchObject({
      code: 'LP-IDENTITY-DEAD',
      message: expect.stringContaining('locked') as string,
    });
  });

  test('answers errors as pages of HTML proves nothing', async () => {
    const { origin } = await startSmallServer((request) =>
      request.path === '/me' ? soundApi(request) : { status: 500, text: '<html>alice.zq7k@example.test</html>' },
    );
    const proven = await proveSmall({ origin, targets: ['/me', '/broken'] });
    expect(proven.scan?.findings ?? []).toEqual([]);
    expect(exitOfProven(proven)).toBe(3);
  });
});

describe('an identity', () => {
  test('whose token is refused is dead', async () => {
    const { origin } = await startSmallServer(soundApi);
    await expect(proveSmall({ origin, targets: TARGETS, others: ['mallory'] })).rejects.toMatchObject({
      code: 'LP-IDENTITY-DEAD',
      message: expect.stringContaining('"mallory"') as string,
    });
  });

  test('that gets what everybody gets is not shown to be logged in', async () => {
    const { origin } = await startSmallServer(({ path }) =>
      path === '/news' ? { body: [{ id: 1, title: 'x' }] } : { status: 404 },
    );
    await expect(proveSmall({ origin, targets: ['/news'] })).rejects.toMatchObject({
      code: 'LP-IDENTITY-DEAD',
      message: expect.stringContaining('given nothing') as string,
    });
  });

  test('with the credential of another is found before anything is sent', async () => {
    const { origin, log } = await startSmallServer(soundApi);
    const proving = proveSmall({ origin, targets: TARGETS }, { readSecret: () => Promise.resolve('token-of-alice') });
    await expect(proving).rejects.toMatchObject({ code: 'LP-IDENTITY-DOUBLED' });
    expect(log).toEqual([]);
  });

  test('whose token says that it has expired is found before anything is sent', async () => {
    const { origin, log } = await startSmallServer(soundApi);
    const claims = Buffer.from(JSON.stringify({ sub: 'b', exp: 1000 })).toString('base64url');
    const proving = proveSmall(
      { origin, targets: TARGETS },
      {
        readSecret: (source) =>
          Promise.resolve('env' in source && source.env === 'bob' ? `e30.${claims}.c2ln` : 'token-of-alice'),
      },
    );
    await expect(proving).rejects.toMatchObject({
      code: 'LP-IDENTITY-DEAD',
      message: expect.stringContaining('"bob" has expired') as string,
    });
    expect(log).toEqual([]);
  });

  test('whose token expires while the API is read stops the run', async () => {
    let asked = 0;
    const { origin } = await startSmallServer((request) => {
      if (request.caller !== 'bob') return soundApi(request);
      return ++asked > 3 ? { status: 401 } : soundApi(request);
    });
    await expect(proveSmall({ origin, targets: ['/me', '/a', '/b', '/c'] })).rejects.toMatchObject({
      code: 'LP-IDENTITY-DEAD',
      message: expect.stringContaining('"bob" stopped working') as string,
    });
  });

  test('that is answered as another in the end stops the run', async () => {
    let asked = 0;
    const { origin } = await startSmallServer((request) =>
      request.caller === 'bob' && ++asked > 3 ? soundApi({ ...request, caller: 'alice' }) : soundApi(request),
    );
    await expect(proveSmall({ origin, targets: ['/me', '/a', '/b', '/c'] })).rejects.toMatchObject({
      code: 'LP-IDENTITY-DOUBLED',
      message: expect.stringContaining('"bob" was answered as "alice"') as string,
    });
  });
});

test('an interrupted run is not a result', async () => {
  const { origin } = await startSmallServer(soundApi);
  const proven = await proveSmall({ origin, targets: TARGETS }, { signal: AbortSignal.abort() });
  expect(exitOfProven(proven)).toBe(130);
});

test('a sound API has no finding', async () => {
  const { origin } = await startSmallServer(soundApi);
  const proven = await proveSmall({ origin, targets: TARGETS, answers: 'User: self\nUser.contact: self\n' });
  expect(proven.scan?.findings).toEqual([]);
  expect(exitOfProven(proven)).not.toBe(1);
});

test('ids that people and things share prove nothing', async () => {
  const { origin } = await startSmallServer(({ path, caller }) => {
    const id = { alice: 1, bob: 2 }[caller ?? ''];
    if (id === undefined) return { status: 401 };
    if (path === '/me') return { body: { id, email: `${caller}.zq7k@example.test` } };
    if (path === '/products') return { body: [1, 2].map((each) => ({ id: each, title: `product ${each} 8812ab` })) };
    const [, product] = /^\/products\/([12])$/.exec(path) ?? [];
    return product === undefined
      ? { status: 404 }
      : { body: { id: Number(product), title: `product ${product} 8812ab` } };
  });
  const proven = await proveSmall({
    origin,
    targets: ['/me', '/products'],
    answers: 'User: self\nUser.contact: self\n',
  });
  expect(
    proven.scan?.cells.filter(({ verdict, operation }) => verdict === 'proven' && operation.includes('products')),
  ).toEqual([]);
});

test.each([
  ['without a credential', `curl 'http://127.0.0.1:9/notes'`],
  ['with a credential that was removed', `curl 'http://127.0.0.1:9/notes' -H 'Authorization: [REDACTED]'`],
])('a capture %s has no caller, who is not anonymous', async (_, text) => {
  const exchanges = await curlExchanges(text);
  expect(() => planProve({ exchanges, declared: [], identities: [], answers: [], reads: [] })).toThrow(
    expect.objectContaining({ code: 'LP-CREDENTIAL-NONE' }) as Error,
  );
});

test('a request copied for another shell is read as it was sent', async () => {
  const cmd = `curl ^"http://127.0.0.1:9/notes^" ^\n  -H ^"Authorization: Bearer token-of-alice^"`;
  const [exchange] = await curlExchanges(cmd);
  expect(exchange?.caller).toMatchObject({ auth: 'credential', identity: 'alice' });
  expect(exchange?.request.target).toBe('/notes');
});
