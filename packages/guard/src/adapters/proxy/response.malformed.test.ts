import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ask } from '../../testing/raw-client.ts';
import { startTestGuard } from '../../testing/test-guard.ts';
import { startOrigin, startRawOrigin } from '../../testing/test-origin.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const RIDES = '[{"id":1,"name":"canary-name"}]';

describe('an origin that', () => {
  test.each([
    ['declares JSON and sends HTML', `${HEAD}Content-Length: 20\r\n\r\n<p>canary-name</p>  `],
    ['closes the connection before the declared length', `${HEAD}Content-Length: 500\r\n\r\n${RIDES}`],
    ['closes the connection within a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n100\r\n${RIDES}`],
    ['closes the connection between chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1f\r\n${RIDES}\r\n`],
    ['closes the connection before its JSON ends', `${HEAD}Connection: close\r\n\r\n${RIDES.slice(0, -2)}`],
    ['sends two lengths', `${HEAD}Content-Length: 31\r\nContent-Length: 5\r\n\r\n${RIDES}`],
    [
      'sends a length and chunks',
      `${HEAD}Content-Length: 31\r\nTransfer-Encoding: chunked\r\n\r\n1f\r\n${RIDES}\r\n0\r\n\r\n`,
    ],
    ['sends a key twice', `${HEAD}Content-Length: 53\r\n\r\n[{"id":1,"id":2,"name":"canary-name","name":"safe-na"}]`],
    ['sends text after the JSON', `${HEAD}Content-Length: 37\r\n\r\n${RIDES}canary`],
    ['sends a prefix before the JSON', `${HEAD}Content-Length: 37\r\n\r\n)]}',\n${RIDES}`],
    ['does not send HTTP', 'canary-name\r\n\r\n'],
    ['sends nothing', ''],
    ['sends 20 interim responses', 'HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n'.repeat(20)],
    [
      'switches protocols without a request to do so',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\ncanary-name',
    ],
  ])('%s is answered 502, and nothing of it is released', async (_, bytes) => {
    const guard = await startTestGuard({ origin: await startRawOrigin(bytes) });
    const answer = await ask(guard.port, 'GET /rides');
    expect(answer.status).toBe(502);
    expect(answer.raw).not.toContain('canary');
  });

  const codings: readonly (readonly [string, Uint8Array])[] = [
    ['gzip', gzipSync(RIDES)],
    ['x-gzip', gzipSync(RIDES)],
    ['deflate', deflateSync(RIDES)],
    ['deflate', deflateRawSync(RIDES)],
    ['br', brotliCompressSync(RIDES)],
    ['gzip, br', brotliCompressSync(gzipSync(RIDES))],
    ['identity', Buffer.from(RIDES)],
  ];
  test.each(codings)('compresses with %s, unrequested, is read', async (coding, bytes) => {
    const origin = await startOrigin((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
      response.end(bytes);
    });
    const guard = await startTestGuard({ origin });
    const answer = await ask(guard.port, 'GET /rides');
    expect([answer.status, answer.body]).toEqual([200, RIDES]);
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  const bomb = Buffer.from(`[${' '.repeat(50_000_000)}]`);
  const undecodable: readonly (readonly [string, Uint8Array])[] = [
    ['zstd', Buffer.from(RIDES)],
    ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(RIDES)))],
    ['gzip', Buffer.from(RIDES)],
    ['gzip', gzipSync(RIDES).subarray(0, 20)],
    ['gzip', gzipSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['br, gzip', gzipSync(brotliCompressSync(bomb))],
    ['constructor', Buffer.from(RIDES)],
  ];
  test.each(undecodable)(
    'sends the content coding %s with a body that cannot be decoded is answered 502',
    async (coding, bytes) => {
      const origin = await startOrigin((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
        response.end(bytes);
      });
      const guard = await startTestGuard({ origin });
      expect((await ask(guard.port, 'GET /rides')).status).toBe(502);
    },
  );

  test.each([
    ['arrays', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('nests 100,000 %s is answered 502', async (_, body) => {
    const origin = await startOrigin((__, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    });
    const guard = await startTestGuard({ origin });
    expect((await ask(guard.port, 'GET /anything')).status).toBe(502);
  });

  test('sends a body beyond the limit is answered 502', async () => {
    const origin = await startOrigin((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`["${'x'.repeat(100_000)}"]`);
    });
    const guard = await startTestGuard({ origin, limits: { maxBodyBytes: 10_000 } });
    expect((await ask(guard.port, 'GET /anything')).status).toBe(502);
  });

  test('does not respond in time is answered 502', async () => {
    const origin = await startOrigin(() => undefined);
    const guard = await startTestGuard({ origin, limits: { originTimeoutMs: 50 } });
    expect((await ask(guard.port, 'GET /rides')).status).toBe(502);
  });

  test('cannot be reached is answered 502', async () => {
    const guard = await startTestGuard({ origin: { port: 1, received: [] } });
    expect((await ask(guard.port, 'GET /rides')).status).toBe(502);
  });
});

test('numbers, escapes, white space and order are released unchanged', async () => {
  const body = '[ {"id":12345678901234567890,"name":"\\u00e9\\ud800 \u2028"},\n\t{"name":-0,"id":1.10},{"id":1e400} ]';
  const origin = await startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body);
  });
  const guard = await startTestGuard({ origin });
  const answer = await ask(guard.port, 'GET /rides');
  expect(Buffer.from(answer.body, 'latin1').toString('utf8')).toBe(body);
});
