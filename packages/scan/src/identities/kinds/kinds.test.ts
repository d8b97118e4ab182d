import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { LeakproofError, type Server } from '@leakproof/core';
import { bytesOf, readBytes } from '@leakproof/sources';
import { expect, onTestFinished, test } from 'vitest';
import { openTransport, type RequestTemplate } from '../../transport/transport.ts';
import { IdentitiesSource } from '../identities-source.ts';
import { Sessions } from '../sessions.ts';
import { CREDENTIAL_KINDS } from './index.ts';

interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = {
  readonly headers?: Record<string, string | string[]>;
  readonly body?: object;
  readonly status?: number;
};

/** An API on two hosts, and what it received. */
async function startApi(answer: (request: Received) => Answer = () => ({})) {
  const log: Received[] = [];
  const server = createServer(async (request, response) => {
    const received = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body: await text(request),
    };
    log.push(received);
    const { status = 200, headers = {}, body = {} } = answer(received);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const endpoint = { scheme: 'http', authority: 'api.test', path: '' } as const;
  const other = { scheme: 'http', authority: 'other.test', path: '' } as const;
  const address = { address: '127.0.0.1', port };
  const transport = await openTransport([endpoint, other], {
    resolve: new Map([
      ['api.test:80', address],
      ['other.test:80', address],
    ]),
    authorized: false,
    connections: 2,
    timeoutMs: 2000,
    maxBodyBytes: 10_000,
  });
  onTestFinished(() => transport.close());
  const home: Server = { name: 'one', endpoints: { rest: endpoint }, space: 'one', authenticatesCaller: true };
  return { log, transport, home, endpoint, other };
}

type Api = Awaited<ReturnType<typeof startApi>>;

async function sessionsOf(
  api: Api,
  credentials: Readonly<Record<string, object>>,
  secrets: Record<string, string> = {},
) {
  const sessions = new Sessions({
    transport: api.transport,
    readSecret: (source) => Promise.resolve('env' in source ? (secrets[source.env] ?? '') : ''),
    readCapture: async (source) => {
      const exchanges = [];
      for await (const batch of readBytes(bytesOf('capture', 'env' in source ? (secrets[source.env] ?? '') : '')))
        for (const each of batch) if (each.type === 'exchange') exchanges.push(each.exchange);
      return exchanges;
    },
  });
  const { identities } = IdentitiesSource.parse({
    leakproof: 1,
    identities: Object.entries(credentials).map(([name, each]) => ({ name, kind: 'member', server: 'one', ...each })),
  });
  for (const each of identities) await sessions.open(each, api.home);
  const send = async (name: string, template = get('/me'), endpoint: Api['endpoint'] | Api['other'] = api.endpoint) => {
    const signed = sessions.sign(name, endpoint, template);
    const response = await api.transport.send(endpoint, signed.template, signed.credential);
    if (response.type === 'response') sessions.received(name, endpoint, response.headers);
    return api.log.at(-1);
  };
  return { sessions, send };
}

const get = (target: string): RequestTemplate => ({ method: 'GET', target, headers: [] });

test('every kind of credential is a folder, and a key of the identities file', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((each) =>
    each.isDirectory() ? [each.name] : [],
  );
  const ids = Object.entries(CREDENTIAL_KINDS).map(([key, { id }]) => [key, id]);
  expect(ids.every(([key, id]) => key === id)).toBe(true);
  expect(folders).toEqual(
    ids.map(([key = '']) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).sort(),
  );
});

test.each([
  ['a bearer token', { token: { from: { env: 'S' } } }, { authorization: 'Bearer secret' }],
  ['a password', { basic: { user: 'ann', password: { env: 'S' } } }, { authorization: 'Basic YW5uOnNlY3JldA==' }],
  ['a key in a header', { apiKey: { from: { env: 'S' }, header: 'X-Key' } }, { 'x-key': 'secret' }],
  ['a cookie', { token: { from: { env: 'S' }, send: { cookie: 'sid' } } }, { cookie: 'sid=secret' }],
])('%s is sent as its kind is', async (_, credential, headers) => {
  const { send } = await sessionsOf(await startApi(), { ann: credential }, { S: 'secret' });
  expect((await send('ann'))?.headers).toMatchObject(headers);
  expect((await send('anonymous'))?.headers).not.toMatchObject(headers);
});

test('a key in the query is added to the query of every request', async () => {
  const api = await startApi();
  const { send } = await sessionsOf(api, { ann: { apiKey: { from: { env: 'S' }, query: 'api_key' } } }, { S: 'a&b' });
  expect((await send('ann', get('/me?page=1')))?.target).toBe('/me?page=1&api_key=a%26b');
  expect((await send('ann'))?.target).toBe('/me?api_key=a%26b');
});

const rotating = ({ headers, target }: Received): Answer =>
  target.startsWith('/rotate')
    ? {
        headers: {
          'set-cookie': [`sid=2-of-${/=(\w+)/.exec(headers.cookie ?? '')?.[1]}; Path=/; HttpOnly`, 'csrftoken=t2'],
        },
      }
    : target === '/forget'
      ? { headers: { 'set-cookie': ['csrftoken=; Max-Age=0', 'sid=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT'] } }
      : {};

test('a session of cookies follows rotated cookies, and its token follows them', async () => {
  const csrf = { header: 'X-CSRFToken', cookie: 'csrftoken' };
  const referer = 'https://app.test/page';
  const { send } = await sessionsOf(
    await startApi(rotating),
    { ann: { session: { cookie: { env: 'A' }, csrf, referer } }, bob: { session: { cookie: { env: 'B' }, csrf } } },
    { A: 'sid=ann; csrftoken=t1', B: 'sid=bob; csrftoken=b1' },
  );
  expect((await send('ann', get('/rotate')))?.headers).toMatchObject({ 'x-csrftoken': 't1', referer });
  expect((await send('ann'))?.headers).toMatchObject({ cookie: 'sid=2-of-ann; csrftoken=t2', 'x-csrftoken': 't2' });
  expect((await send('bob'))?.headers).toMatchObject({ cookie: 'sid=bob; csrftoken=b1', 'x-csrftoken': 'b1' });
  expect((await send('anonymous'))?.headers).not.toHaveProperty('cookie');
  await send('ann', get('/forget'));
  expect((await send('ann'))?.headers).not.toHaveProperty('cookie');
});

test('cookies are sent to the host of their server only', async () => {
  const api = await startApi();
  const { send } = await sessionsOf(api, { ann: { session: { cookie: { env: 'A' } } } }, { A: 'sid=ann' });
  expect((await send('ann', get('/me'), api.other))?.headers).not.toHaveProperty('cookie');
});

test('the token against cross-site requests replaces the one in a body, as JSON and as a form', async () => {
  const csrf = { body: 'csrfmiddlewaretoken', cookie: 'csrftoken' };
  const { send } = await sessionsOf(
    await startApi(),
    { ann: { session: { cookie: { env: 'A' }, csrf } } },
    { A: 'sid=ann; csrftoken=t1' },
  );
  const post = (body: string): RequestTemplate => ({ method: 'POST', target: '/search', headers: [], body });
  expect((await send('ann', post('csrfmiddlewaretoken=old&q=x')))?.body).toBe('csrfmiddlewaretoken=t1&q=x');
  expect((await send('ann', post('{"csrfmiddlewaretoken":"old","q":1}')))?.body).toContain('"t1"');
  expect((await send('ann', post('{"q":1}')))?.body).toBe('{"q":1}');
});

test('a login by form sends the token of its page, and the cookies that it sets are the credential', async () => {
  const api = await startApi(({ method, body }) =>
    method === 'GET'
      ? { headers: { 'set-cookie': 'csrftoken=page' } }
      : body.includes('csrfmiddlewaretoken=page') && body.includes('password=secret')
        ? { status: 302, headers: { 'set-cookie': ['sessionid=in', 'csrftoken=new'] } }
        : { status: 403 },
  );
  const login = {
    path: '/login/',
    form: { username: 'ann', password: { env: 'S' } },
    csrf: { body: 'csrfmiddlewaretoken', header: 'X-CSRFToken', cookie: 'csrftoken' },
  };
  const { send, sessions } = await sessionsOf(api, { ann: { login } }, { S: 'secret' });
  expect((await send('ann'))?.headers).toMatchObject({ cookie: 'csrftoken=new; sessionid=in', 'x-csrftoken': 'new' });
  expect(await sessions.refresh('ann')).toBe(true);
});

test.each([
  ['is refused', { status: 403 }],
  ['sets no cookie', { status: 200 }],
])('a login by form that %s is a dead identity', async (_, answer) => {
  const login = { path: '/login/', form: { username: 'ann', password: 'x' } };
  await expect(sessionsOf(await startApi(() => answer), { ann: { login } })).rejects.toMatchObject({
    code: 'LP-IDENTITY-DEAD',
  });
});

const CURL = (sid: string): string =>
  `curl 'http://api.test/notes?api_key=k-${sid}&page=1' -H 'Accept: */*' -H 'X-Tenant-Key: key-of-${sid}' -H 'X-Platform: web' \\
  -H 'Referer: http://api.test/app' -H 'X-CSRFToken: t-${sid}' -b 'sessionid=${sid}; csrftoken=t-${sid}' \\
  --data 'csrfmiddlewaretoken=t-${sid}&q=1'`;

test('all credentials of a copied request are sent as one set, to the origin that it was sent to', async () => {
  const api = await startApi(rotating);
  const { send } = await sessionsOf(
    api,
    { ann: { capture: { env: 'A' } }, bob: { capture: { env: 'B' } } },
    { A: CURL('ann'), B: CURL('bob') },
  );
  const sent = await send('bob', { ...get('/x'), method: 'POST', body: 'csrfmiddlewaretoken=other&q=2' });
  expect(sent).toMatchObject({ target: '/x?api_key=k-bob', body: 'csrfmiddlewaretoken=t-bob&q=2' });
  expect(sent?.headers).toMatchObject({
    cookie: 'sessionid=bob; csrftoken=t-bob',
    'x-csrftoken': 't-bob',
    'x-tenant-key': 'key-of-bob',
    referer: 'http://api.test/app',
  });
  expect(JSON.stringify(sent)).not.toContain('ann');
  await send('ann', get('/rotate'));
  expect((await send('ann'))?.headers).toMatchObject({ 'x-csrftoken': 't2' });
  expect((await send('ann', get('/me'), api.other))?.headers).not.toHaveProperty('cookie');
});

test.each([
  ['without a credential', `curl 'http://api.test/notes'`],
  ['with a credential that was removed', `curl 'http://api.test/notes' -H 'Authorization: [REDACTED]'`],
])('a capture %s is none', async (_, curl) => {
  await expect(sessionsOf(await startApi(), { ann: { capture: { env: 'A' } } }, { A: curl })).rejects.toMatchObject({
    code: 'LP-SECRET-MISSING',
    message: expect.not.stringContaining('REDACTED') as string,
  });
});

test('a secret that no header can carry is refused, and its text is in no message', async () => {
  const opened = sessionsOf(await startApi(), { ann: { basic: { user: 'a', password: { env: 'S' } } } }, { S: 'a\nb' });
  const error: unknown = await opened.catch((each: unknown) => each);
  expect(error).toBeInstanceOf(LeakproofError);
  expect(error).toMatchObject({ code: 'LP-SECRET-MISSING', message: expect.not.stringContaining('a\n') as string });
});
