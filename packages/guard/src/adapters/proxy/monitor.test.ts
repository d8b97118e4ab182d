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

test('in monitor a response is returned with its body and all its headers', async () => {
  const guard = await startTestGuard({ origin: await api(), internal: await api(), mode: 'monitor' });
  const answer = await asStranger(guard.port);
  expect(answer).toMatchObject({ status: 200, body: BODY, headers: { etag: '"a"', 'x-powered-by': 'origin' } });
});

test('in monitor a back end that does not answer lookups delays nothing', async () => {
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

test('in enforce a relation does not hold if the back end does not answer the lookup', async () => {
  const guard = await startTestGuard({
    origin: await api(),
    internal: await silent(),
    limits: { lookupTimeoutMs: 20 },
  });
  expect((await asStranger(guard.port)).body).toBe('{"id":"7","is_private":true}');
});

test('in monitor a log that does not answer delays nothing', async () => {
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

test('an internal error is recorded as a gap in monitor, and releases nothing in enforce', async () => {
  const tokenize = () => {
    throw new TypeError('an internal error');
  };
  const monitoring = await startTestGuard({ origin: await api(), internal: await api(), mode: 'monitor', tokenize });
  expect((await asStranger(monitoring.port)).body).toBe(BODY);
  expect(await monitoring.records()).toMatchObject([{ type: 'gap', code: 'LP-INTERNAL' }]);
  const enforcing = await startTestGuard({ origin: await api(), internal: await api(), tokenize });
  const answer = await asStranger(enforcing.port);
  expect([answer.status, answer.raw.includes('Oslo')]).toEqual([500, false]);
  expect(enforcing.counts.faults).toBe(1);
});

test('in monitor the bodies of request and response are streamed', async () => {
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

test('in monitor a truncated response is truncated for the client, and recorded as a gap', async () => {
  const origin = await startRawOrigin(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n${BODY}`,
  );
  const guard = await startTestGuard({ origin, mode: 'monitor' });
  const answer = await ask(guard.port, 'GET /users/7');
  expect(answer.headers['content-length']).toBe('500');
  expect(await guard.records()).toMatchObject([{ type: 'gap', code: 'LP-ORIGIN-CUT-OFF' }]);
});
