import type { ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
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
  expect(await guard.records()).toMatchObject([
    { type: 'access', facts: [{ exposed: ['city', 'email'] }] },
    { type: 'gap', code: 'LP-ORIGIN-CUT-OFF' },
    { type: 'end', ended: 'cut-off' },
  ]);
});

const person = (id: number): string => `{"id":"${id}","email":"a@x.example","city":"${'x'.repeat(1_000)}"}`;
const people = (count: number): string => `{"data":[${Array.from({ length: count }, (_, id) => person(id)).join()}]}`;

test('in monitor a stream goes on while a lookup for its first records is not answered', async () => {
  let hasEnded = false;
  const origin = await startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${person(1)}\n`);
    const internal = setInterval(() => {
      if (!hasAsked) return;
      clearInterval(internal);
      response.end(`${person(2)}\n`);
    }, 1);
  });
  let hasAsked = false;
  const internal = await startOrigin((_message, response, body) => {
    hasAsked = true;
    const { owners } = JSON.parse(body) as { owners: string[] };
    const answer = (): void => {
      if (!hasEnded) return void setTimeout(answer, 1);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ answers: Object.fromEntries(owners.map((id) => [id, false])) }));
    };
    answer();
  });
  const guard = await startTestGuard({ origin, internal, mode: 'monitor', limits: { lookupTimeoutMs: 20_000 } });
  const { body } = await ask(guard.port, 'GET /users/7', { token: await token('9') });
  hasEnded = true;
  expect(body).toContain(person(1));
  expect(body).toContain(person(2));
  const records = await guard.records();
  const exposed = records.flatMap((record) => (record.type === 'access' ? record.facts : []));
  expect(exposed.flatMap(({ tokens }) => tokens)).toEqual(['person:1', 'person:2']);
  expect(guard.counts.gaps).toBe(0);
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)(
  'in monitor a large body with the coding %s is sent as it came, and judged decoded',
  async (coding, compress) => {
    const bytes = compress(people(3_000));
    const origin = await startOrigin((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
      response.end(bytes);
    });
    const guard = await startTestGuard({
      origin,
      mode: 'monitor',
      limits: { maxRatio: 10_000, lookupTimeoutMs: 20_000 },
    });
    const { raw } = await ask(guard.port, 'GET /users', {
      token: await token('9'),
      headers: ['Accept-Encoding: ' + coding],
    });
    expect(raw).toContain(bytes.subarray(0, 200).toString('latin1'));
    const tokens = (await guard.records()).flatMap((record) =>
      record.type === 'access' ? record.facts.flatMap((group) => group.tokens) : [],
    );
    expect(new Set(tokens).size).toBe(3_000);
    expect(guard.counts).toMatchObject({ gaps: 0, faults: 0, unrecorded: 0 });
  },
);

/** Sends a body with turns of the event loop between its parts, in which the guard, in the same process, can judge them. */
async function endInParts(response: ServerResponse, body: string): Promise<void> {
  const [part, turns] = [256 * 1024, 32];
  for (let at = 0; at < body.length; at += part) {
    response.write(body.slice(at, at + part));
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => void setImmediate(resolve));
  }
  response.end();
}

test('in monitor a body larger than any limit of buffers is judged to its end', async () => {
  const origin = await startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    void endInParts(response, people(12_000));
  });
  const guard = await startTestGuard({
    origin,
    mode: 'monitor',
    limits: { maxElementBytes: 65_536, maxBodyBytes: 4_194_304 },
  });
  const { body } = await ask(guard.port, 'GET /users');
  expect(body.length).toBeGreaterThan(12_000_000);
  const records = await guard.records();
  expect(records.filter(({ type }) => type === 'gap')).toEqual([]);
  const tokens = records.flatMap((record) =>
    record.type === 'access' ? record.facts.flatMap((group) => group.tokens) : [],
  );
  expect(tokens.length).toBe(12_000);
});

test.each([{ maxBacklogBodies: 0 }, { maxBacklogBytes: 10_000 }])(
  'in monitor with %j what finds no room to wait is passed, and is a gap',
  async (limits) => {
    const origin = await startOrigin((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(people(2_000));
    });
    const guard = await startTestGuard({ origin, mode: 'monitor', limits });
    const { raw } = await ask(guard.port, 'GET /users', { token: await token('9') });
    expect(raw).toContain(person(1_999));
    const records = await guard.records();
    expect(records.filter(({ type }) => type === 'gap')).toMatchObject([{ code: 'LP-BACKLOG-FULL' }]);
  },
);
