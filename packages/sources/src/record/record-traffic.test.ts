import { X509Certificate } from 'node:crypto';
import { mkdtempSync, chmodSync, statSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { Exchange } from '@leakproof/core';
import { certify, makeAuthority } from './certificate.ts';
import { openAuthority } from './certificate-authority.ts';
import { OWN_HOST, recordTraffic, type Recorder, type RecorderOptions } from './record-traffic.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function recorder(options: Partial<RecorderOptions>): Promise<{ recorder: Recorder; exchanges: Exchange[] }> {
  const exchanges: Exchange[] = [];
  const started = await recordTraffic({
    hosts: ['api.test'],
    intercept: [],
    identity: 'alice',
    onExchange: (one) => exchanges.push(one),
    ...options,
  });
  closing.push(() => started.close());
  return { recorder: started, exchanges };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, unknown>;
}

function viaProxy(
  port: number,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: url,
        method: options.method ?? 'GET',
        agent: false,
        headers: { host: new URL(url).host, ...options.headers },
      },
      (answer) => {
        let body = '';
        answer.on('data', (piece: Buffer) => (body += piece.toString('latin1')));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const api = (): Promise<number> =>
  listening(
    createServer((incoming, answer) => {
      const packed = gzipSync(JSON.stringify({ path: incoming.url, host: incoming.headers.host }));
      answer.writeHead(200, {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        connection: 'close, x-hop',
        'x-hop': '1',
      });
      incoming.resume().on('end', () => answer.end(packed));
    }),
  );

test('an exchange of a recorded host is recorded decoded and with its identity, and reaches the client unchanged', async () => {
  const port = await api();
  const { recorder: proxy, exchanges } = await recorder({
    resolve: new Map([['api.test:80', { address: '127.0.0.1', port }]]),
  });
  const answer = await viaProxy(proxy.port, 'http://api.test/rides/7?x=%20', {
    method: 'POST',
    body: '{"a":1}',
    headers: { authorization: 'Bearer t-1', 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers['x-hop']).toBeUndefined();
  expect(exchanges).toMatchObject([
    {
      request: { method: 'POST', scheme: 'http', authority: 'api.test', target: '/rides/7?x=%20' },
      caller: { auth: 'credential', scheme: 'bearer', identity: 'alice' },
      response: { status: 200 },
    },
  ]);
  expect(Buffer.from(exchanges[0]?.request.body ?? []).toString()).toBe('{"a":1}');
  expect(JSON.parse(Buffer.from(exchanges[0]?.response?.body ?? []).toString())).toEqual({
    path: '/rides/7?x=%20',
    host: 'api.test',
  });
});

test('a host that is not on the list is forwarded and not recorded', async () => {
  const port = await api();
  const { recorder: proxy, exchanges } = await recorder({
    resolve: new Map([['other.test:80', { address: '127.0.0.1', port }]]),
  });
  expect((await viaProxy(proxy.port, 'http://other.test/')).status).toBe(200);
  expect(exchanges).toEqual([]);
  expect(proxy.counts).toMatchObject({ recorded: 0, passedOver: 1 });
});

test('a request without anything that could be a credential is anonymous and has no identity', async () => {
  const port = await api();
  const { recorder: proxy, exchanges } = await recorder({
    resolve: new Map([['api.test:80', { address: '127.0.0.1', port }]]),
  });
  await viaProxy(proxy.port, 'http://api.test/a');
  await viaProxy(proxy.port, 'http://api.test/a', { headers: { 'x-strange': '1' } });
  expect(exchanges.map(({ caller }) => caller)).toEqual([
    { auth: 'anonymous' },
    { auth: 'unknown', identity: 'alice' },
  ]);
});

const folder = (): string => join(mkdtempSync(join(tmpdir(), 'authority-')), 'ca');

async function tlsApi(): Promise<{ port: number; trust: string }> {
  const authority = makeAuthority('Origin', Date.now(), 5);
  const { certificate, key } = certify('api.test', { ...authority, name: 'Origin' }, Date.now());
  const server = createTlsServer({ cert: certificate, key }, (incoming, answer) =>
    answer.end(`secret of ${String(incoming.url)}`),
  );
  return { port: await listening(server), trust: authority.certificate };
}

function throughTunnel(port: number, target: string, ca: string): Promise<{ text: string; issuer: string }> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1', () =>
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
    );
    socket.once('data', (head: Buffer) => {
      if (!head.toString().startsWith('HTTP/1.1 200')) {
        reject(new Error(head.toString()));
        return;
      }
      const secure = connectTls({ socket, servername: 'api.test', ca }, () => {
        secure.write('GET /rides HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
      });
      let text = '';
      const issuer = (): string => String(secure.getPeerCertificate().issuer?.CN ?? '');
      let named = '';
      secure.once('secureConnect', () => (named = issuer()));
      secure.on('data', (piece: Buffer) => (text += piece.toString()));
      secure.on('end', () => resolve({ text, issuer: named }));
      secure.on('error', reject);
    });
    socket.on('error', reject);
  });
}

test('HTTPS of an intercepted host is decrypted with the recorder’s own authority', async () => {
  const { port, trust } = await tlsApi();
  const authority = openAuthority(folder());
  const { recorder: proxy, exchanges } = await recorder({
    intercept: ['api.test'],
    authority,
    trust,
    resolve: new Map([['api.test:443', { address: '127.0.0.1', port }]]),
  });
  const { text, issuer } = await throughTunnel(proxy.port, 'api.test:443', authority.certificate);
  expect(text).toContain('secret of /rides');
  expect(issuer).toContain('Leakproof recorder');
  expect(exchanges).toMatchObject([
    { request: { scheme: 'https', authority: 'api.test', target: '/rides' }, response: { status: 200 } },
  ]);
});

test('HTTPS of any other host is tunnelled without decryption', async () => {
  const { port, trust } = await tlsApi();
  const { recorder: proxy, exchanges } = await recorder({
    hosts: ['api.test'],
    resolve: new Map([['api.test:443', { address: '127.0.0.1', port }]]),
  });
  const { text, issuer } = await throughTunnel(proxy.port, 'api.test:443', trust);
  expect(text).toContain('secret of /rides');
  expect(issuer).toBe('Origin');
  expect(exchanges).toEqual([]);
  expect(proxy.counts.tunnels).toBe(1);
});

test('a server with an untrusted certificate gets no request', async () => {
  const { port } = await tlsApi();
  const authority = openAuthority(folder());
  const { recorder: proxy, exchanges } = await recorder({
    intercept: ['api.test'],
    authority,
    resolve: new Map([['api.test:443', { address: '127.0.0.1', port }]]),
  });
  const { text } = await throughTunnel(proxy.port, 'api.test:443', authority.certificate);
  expect(text).toContain('502 Bad Gateway');
  expect(exchanges).toEqual([]);
  expect(proxy.counts.failed).toBe(1);
});

test('the authority is kept, its key file has mode 0600, and a key readable by others is rejected', () => {
  const place = folder();
  const first = openAuthority(place);
  const again = openAuthority(place);
  expect([first.isNew, again.isNew]).toEqual([true, false]);
  expect(again.certificate).toBe(first.certificate);
  const parsed = new X509Certificate(first.certificate);
  expect(parsed.ca).toBe(true);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(statSync(join(place, 'authority-key.pem')).mode & 0o777).toBe(0o600);
  chmodSync(join(place, 'authority-key.pem'), 0o644);
  expect(() => openAuthority(place)).toThrow(expect.objectContaining({ code: 'LP-RECORD-OPTIONS' }));
});

test('the proxy itself serves the certificate to a phone', async () => {
  const authority = openAuthority(folder());
  const { recorder: proxy } = await recorder({ authority });
  expect((await viaProxy(proxy.port, `http://${OWN_HOST}/authority.pem`)).body).toBe(authority.certificate);
  expect((await viaProxy(proxy.port, `http://${OWN_HOST}/`)).status).toBe(400);
});

test('a WebSocket is forwarded and not recorded', async () => {
  const server = createServer();
  server.on('upgrade', (_request, socket: Socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  const port = await listening(server);
  const { recorder: proxy, exchanges } = await recorder({
    resolve: new Map([['api.test:80', { address: '127.0.0.1', port }]]),
  });
  const echoed = await new Promise<string>((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port: proxy.port,
      path: 'http://api.test/live',
      headers: { host: 'api.test', connection: 'Upgrade', upgrade: 'websocket' },
    });
    sent.on('upgrade', (_answer, socket) => {
      socket.once('data', (piece: Buffer) => {
        resolve(piece.toString());
        socket.destroy();
      });
      socket.write('hello');
    });
    sent.on('error', reject);
    sent.end();
  });
  expect(echoed).toBe('hello');
  expect(exchanges).toEqual([]);
});

test.each([
  [{ hosts: [] }, 'no host'],
  [{ intercept: ['api.test'] }, 'no authority'],
])('a recorder with invalid options does not start (%#: %s)', async (options, _why) => {
  await expect(recorder(options)).rejects.toMatchObject({ code: 'LP-RECORD-OPTIONS' });
});

test.each([
  'GET / HTTP/1.1\r\n\r\n',
  'CONNECT nonsense HTTP/1.1\r\nHost: x\r\n\r\n',
  '\0\0\0\r\n\r\n',
  'CONNECT api.test:1 HTTP/1.1\r\nHost: x\r\n\r\n',
])('the proxy keeps running after %j', async (bytes) => {
  const { recorder: proxy } = await recorder({ resolve: new Map([['api.test:1', { address: '127.0.0.1', port: 1 }]]) });
  await new Promise<void>((resolve) => {
    const socket = connect(proxy.port, '127.0.0.1', () => socket.end(bytes));
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect((await viaProxy(proxy.port, `http://${OWN_HOST}/`)).status).toBe(400);
});
