import { expect, test } from 'vitest';
import { ask, sendRaw } from '../../testing/raw-client.ts';
import { startTestGuard, token } from '../../testing/test-guard.ts';
import { startOrigin, startRawOrigin } from '../../testing/test-origin.ts';

const BODY = '{"id":"7","is_private":true,"city":"Oslo","email":"a@x.example"}';

function api() {
  return startOrigin((_, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': BODY.length,
      etag: '"a"',
      'x-powered-by': 'origin',
    });
    response.end(BODY);
  });
}

const silent = () => startOrigin(() => undefined);
const asStranger = async (port: number) => ask(port, 'GET /users/7', { token: await token('9') });

test('in monitor an answer comes back with all it had', async () => {
  const guard = await startTestGuard({ origin: await api(), internal: await api(), mode: 'monitor' });
  const answer = await asStranger(guard.port);
  expect(answer).toMatchObject({ status: 200, body: BODY, headers: { etag: '"a"', 'x-powered-by': 'origin' } });
});

test('in monitor a back end that never answers delays nothing', async () => {
  const guard = await startTestGuard({
    origin: await api(),
    internal: await silent(),
    mode: 'monitor',
    limits: { lookupTimeoutMs: 20 },
  });
  expect((await asStranger(guard.port)).body).toBe(BODY);
  expect(await guard.records()).toMatchObject([
    { type: 'access', facts: [{ exposed: ['city', 'email'] }] },
    { type: 'end' },
  ]);
});

test('in enforce a back end that never answers is a relation that does not hold', async () => {
  const guard = await startTestGuard({
    origin: await api(),
    internal: await silent(),
    limits: { lookupTimeoutMs: 20 },
  });
  expect((await asStranger(guard.port)).body).toBe('{"id":"7","is_private":true}');
});

test('in monitor a log that never answers delays nothing', async () => {
  let release: (() => void) | undefined;
  const log = {
    append: () =>
      new Promise<{ ok: false; code: 'LP-LOG-SLOW'; detail: string }>((resolve) => {
        release = () => resolve({ ok: false, code: 'LP-LOG-SLOW', detail: '' });
      }),
  };
  const guard = await startTestGuard({ origin: await api(), internal: await api(), mode: 'monitor', log });
  expect((await asStranger(guard.port)).body).toBe(BODY);
  const closing = { isDone: false };
  const closed = guard.close().then(() => (closing.isDone = true));
  while (!closing.isDone) {
    release?.();
    await new Promise(setImmediate);
  }
  await closed;
  expect(guard.counts.unrecorded).toBe(1);
});

test('in monitor a fault of the guard is a gap, and in enforce it releases nothing', async () => {
  const tokenize = () => {
    throw new TypeError('a fault of ours');
  };
  const watching = await startTestGuard({ origin: await api(), internal: await api(), mode: 'monitor', tokenize });
  expect((await asStranger(watching.port)).body).toBe(BODY);
  expect(await watching.records()).toMatchObject([{ type: 'gap', code: 'LP-INTERNAL' }]);
  const enforcing = await startTestGuard({ origin: await api(), internal: await api(), tokenize });
  const answer = await asStranger(enforcing.port);
  expect([answer.status, answer.raw.includes('Oslo')]).toEqual([500, false]);
  expect(enforcing.counts.faults).toBe(1);
});

test('in monitor a body that is streamed arrives piece by piece, and so does a request’s', async () => {
  let begun: (finish: () => void) => void = () => undefined;
  const finishing = new Promise<() => void>((resolve) => (begun = resolve));
  const origin = await startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    begun(() => response.end('data: 2\n\n'));
  });
  const guard = await startTestGuard({ origin, mode: 'monitor' });
  const answered = sendRaw(
    guard.port,
    'POST /stream HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  );
  (await finishing)();
  expect(await answered).toContain('data: 2');
  expect(origin.received[0]?.body).toBe('hello');
});

test('in monitor an answer that breaks off breaks off for the client, and is a gap', async () => {
  const origin = await startRawOrigin(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n${BODY}`,
  );
  const guard = await startTestGuard({ origin, mode: 'monitor' });
  const answer = await ask(guard.port, 'GET /users/7');
  expect(answer.headers['content-length']).toBe('500');
  expect(await guard.records()).toMatchObject([{ type: 'gap', code: 'LP-ORIGIN-CUT-OFF' }]);
});
