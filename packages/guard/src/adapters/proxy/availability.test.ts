import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, sendRaw } from '../../testing/raw-client.ts';
import { startTestGuard, token } from '../../testing/test-guard.ts';
import { startOrigin, startRawOrigin } from '../../testing/test-origin.ts';

/** Streams at /users/1, which never end; nothing at /users/2; a user anywhere else. */
function slowApi() {
  return startOrigin((message, response) => {
    if (message.url === '/users/2') return;
    const isStream = message.url === '/users/1';
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    if (isStream) response.write('data: {"id":"1","is_private":false}\n\n');
    else response.end('{"id":"7","is_private":false}');
  });
}

/** Opens a connection, sends a request and waits for the first bytes of its response. */
async function open(port: number, target: string, from = '127.0.0.1'): Promise<{ socket: Socket; first: string }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.write(`GET ${target} HTTP/1.1\r\nHost: api.test\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return { socket, first: chunk.toString() };
}

describe('requests that do not end', () => {
  test('leave those that do as many connections as before, and nobody more than a part', async () => {
    const limits = { maxConnections: 4, maxLongConnections: 8, maxLongPerCaller: 3 };
    const guard = await startTestGuard({ origin: await slowApi(), limits });
    for (let at = 0; at < 3; at++) expect((await open(guard.port, '/users/1')).first).toContain('200 OK');
    expect((await open(guard.port, '/users/1')).first).toContain('503 Service Unavailable');
    const streams = await Promise.all([2, 3, 4, 5, 6].map((at) => open(guard.port, '/users/1', `127.0.0.${at}`)));
    expect(streams.map(({ first }) => first.slice(9, 12)).sort()).toEqual(['200', '200', '200', '503', '503']);
    for (let at = 0; at < 8; at++) expect((await ask(guard.port, 'GET /users/7')).status).toBe(200);
  });

  test('are waited for by the same caller for a limited time, then 503', async () => {
    const limits = {
      maxConnections: 4,
      maxPerCaller: 2,
      connectionWaitMs: 100,
      longAfterMs: 200,
      maxLongConnections: 4,
    };
    const guard = await startTestGuard({ origin: await slowApi(), limits });
    const hanging = [1, 2].map(() => {
      const socket = connect(guard.port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      return socket.write('GET /users/2 HTTP/1.1\r\nHost: api.test\r\n\r\n');
    });
    expect(hanging).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const answer = await ask(guard.port, 'GET /users/7');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect((await ask(guard.port, 'GET /users/7', { token: await token('9') })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await ask(guard.port, 'GET /users/7')).status).toBe(200);
  });

  test('are broken off a bounded time after the guard is told to stop, and recorded as cut off', async () => {
    const guard = await startTestGuard({ origin: await slowApi(), limits: { drainMs: 100 } });
    const { socket } = await open(guard.port, '/users/1');
    const startMs = performance.now();
    const records = await guard.records();
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(records.at(-1)).toMatchObject({ type: 'end', ended: 'cut-off' });
    if (!socket.closed) await once(socket, 'close');
  });

  test('by HEAD are answered from the head', async () => {
    const guard = await startTestGuard({ origin: await slowApi() });
    expect((await ask(guard.port, 'HEAD /users/1')).status).toBe(200);
  });
});

describe('a client', () => {
  test('that ends its half of the connection after the request gets the response', async () => {
    const guard = await startTestGuard({ origin: await slowApi() });
    const socket = connect(guard.port, '127.0.0.1');
    socket.end('GET /users/7 HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
    let raw = '';
    socket.on('data', (chunk: Buffer) => (raw += chunk.toString()));
    await once(socket, 'close');
    expect(raw).toContain('"id":"7"');
  });

  test('that sends a malformed request behind a good one gets the good response', async () => {
    const guard = await startTestGuard({ origin: await slowApi() });
    const raw = await sendRaw(guard.port, 'GET /users/7 HTTP/1.1\r\nHost: api.test\r\n\r\nGARBAGE\r\n\r\n');
    expect(raw).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(raw).toContain('"id":"7"');
  });

  test('that sends a malformed request during a response gets nothing written into it', async () => {
    const guard = await startTestGuard({ origin: await slowApi() });
    const { socket, first } = await open(guard.port, '/users/1');
    let raw = first;
    socket.on('data', (chunk: Buffer) => (raw += chunk.toString()));
    socket.write('GARBAGE\r\n\r\n');
    if (!socket.closed) await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 300))]);
    expect(raw).not.toContain('400 Bad Request');
  });
});

describe('an origin that', () => {
  const body = '{"id":"7","is_private":false}';
  const rest = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nX-A: \u00e9\r\n\r\n${body}`;

  test('sends 100 Continue unasked is answered 502: undici reads no response behind it', async () => {
    const origin = await startRawOrigin(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${rest}`);
    const guard = await startTestGuard({ origin });
    expect((await ask(guard.port, 'GET /users/7')).status).toBe(502);
  });

  test.each(['200 OK', '200 Tr\u00e8s bien', '200 ', '299 Tr\u00c3\u00a8s', '200 \u00ff\u0080'])(
    'writes the status line %j is forwarded byte for byte in monitor',
    async (line) => {
      const origin = await startRawOrigin(Buffer.from(`HTTP/1.1 ${line}\r\n${rest}`, 'latin1'));
      const guard = await startTestGuard({ origin, mode: 'monitor' });
      const { raw } = await ask(guard.port, 'GET /users/7');
      expect(raw).toContain(`HTTP/1.1 ${line}\r\n`);
      expect(raw).toContain('X-A: \u00e9'.toLowerCase());
      expect(raw).toContain(body);
    },
  );

  test('sends 103 and the length of a HEAD is forwarded with both in monitor', async () => {
    const origin = await startRawOrigin(
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n`,
    );
    const guard = await startTestGuard({ origin, mode: 'monitor' });
    const { raw } = await ask(guard.port, 'HEAD /users/7');
    expect(raw).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1\.1 200 OK/i);
    expect(raw).toMatch(/content-length: 500/i);
  });
});
