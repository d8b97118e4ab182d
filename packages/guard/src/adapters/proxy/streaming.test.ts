import { connect } from 'node:net';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { decodeRecord, countFactsIn, type LogRecord } from '@leakproof/core';
import type { FactLog } from '@leakproof/log';
import { describe, expect, test } from 'vitest';
import { ask } from '../../testing/raw-client.ts';
import { type TestGuard, type TestGuardOptions, startTestGuard as start, token } from '../../testing/test-guard.ts';
import { type TestOrigin, startOrigin } from '../../testing/test-origin.ts';

const user = (id: number): string => `{"id":"p${id}","is_private":false,"city":"KEEP","email":"LEAK@x.example"}`;
const users = (count: number): string => `{"data":[${Array.from({ length: count }, (_, at) => user(at)).join(',')}]}`;

/** An origin with this head for every response. */
function origin(answer: (response: ServerResponse) => void, headers: Record<string, string> = {}): Promise<TestOrigin> {
  return startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    answer(response);
  });
}

/** A guard whose lookups find no relation. */
async function startTestGuard(setting: TestGuardOptions): Promise<TestGuard> {
  return start({ internal: await origin((response) => void response.end('{"answers":{}}')), ...setting });
}

/** The content of a chunked body, and whether its last chunk is there. */
function unchunked(body: string): { text: string; isWhole: boolean } {
  let text = '';
  let at = 0;
  for (;;) {
    const line = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.slice(at, line), 16);
    if (line < 0 || Number.isNaN(size)) return { text, isWhole: false };
    if (size === 0) return { text, isWhole: true };
    text += body.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

describe('a long list', () => {
  test('of 50,000 objects is streamed, and recorded under one request', async () => {
    const guard = await startTestGuard({ origin: await origin((response) => void response.end(users(50_000))) });
    const answer = await ask(guard.port, 'GET /users', { token: await token('9') });
    expect(answer.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(answer.headers['content-length']).toBeUndefined();
    expect(unchunked(answer.body)).toEqual({
      text: users(50_000).replaceAll(',"email":"LEAK@x.example"', ''),
      isWhole: true,
    });
    const records = await guard.records();
    expect(new Set(records.flatMap((record) => (record.type === 'end' ? record.requests : record.request))).size).toBe(
      1,
    );
    expect(records.reduce((sum, record) => sum + countFactsIn(record), 0)).toBe(50_000);
    expect(records.length).toBeGreaterThan(10);
    expect(records.at(-1)).toMatchObject({ type: 'end', ended: 'complete' });
  });

  test('that the origin compresses is streamed decoded', async () => {
    const body = gzipSync(users(5_000));
    const guard = await startTestGuard({
      origin: await origin((response) => void response.end(body), { 'content-encoding': 'gzip' }),
    });
    const answer = await ask(guard.port, 'GET /users', { token: await token('9') });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(unchunked(answer.body).text).toBe(users(5_000).replaceAll(',"email":"LEAK@x.example"', ''));
  });

  test('whose origin closes the connection is aborted, and recorded as cut off', async () => {
    const body = users(5_000);
    const guard = await startTestGuard({
      origin: await origin((response) => response.write(body.slice(0, -10), () => response.destroy())),
    });
    const answer = await ask(guard.port, 'GET /users', { token: await token('9') });
    const { text, isWhole } = unchunked(answer.body);
    expect([answer.status, isWhole]).toEqual([200, false]);
    expect(text).toContain('KEEP');
    expect(answer.raw).not.toContain('LEAK');
    expect((await guard.records()).at(-1)).toMatchObject({ type: 'end', ended: 'cut-off' });
  });

  test('is aborted when the log refuses, and nothing unrecorded is released', async () => {
    const taken: LogRecord[] = [];
    const log: Pick<FactLog, 'append'> = {
      append: ({ payload }) => {
        if (taken.length === 3) return Promise.resolve({ ok: false, code: 'LP-LOG-FULL', detail: '' });
        taken.push(decodeRecord(payload));
        return Promise.resolve({ ok: true, segment: 1, sequence: 1, offset: 0 });
      },
    };
    const guard = await startTestGuard({ origin: await origin((response) => void response.end(users(20_000))), log });
    const answer = await ask(guard.port, 'GET /users', { token: await token('9') });
    const { text, isWhole } = unchunked(answer.body);
    const recorded = new Set(
      taken.flatMap((record) => (record.type === 'access' ? record.facts : [])).flatMap((facts) => facts.tokens),
    );
    const received = [...text.matchAll(/"id":"(p\d+)"/g)].map(([, id]) => `person:${id}`);
    expect(isWhole).toBe(false);
    expect(received.length).toBeGreaterThan(100);
    expect(received.filter((owner) => !recorded.has(owner))).toEqual([]);
    expect(guard.counts).toMatchObject({ released: 1, brokenOff: 1 });
  });

  test('is not read from the origin faster than a slow client reads it', async () => {
    const ride = `{"id":1,"name":"${'x'.repeat(1_000)}"},`;
    const part = ride.repeat(100);
    const total = 48 * 1024 * 1024;
    let written = 0;
    const source = await startOrigin((message, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (message.url !== '/rides') {
        response.end('{}');
        return;
      }
      const send = (): void => {
        while (written < total && !response.destroyed) {
          written += part.length;
          if (!response.write(written === part.length ? `[${part}` : part)) {
            response.once('drain', send);
            return;
          }
        }
        if (written >= total) response.end('{"id":2}]');
      };
      send();
    });
    const guard = await startTestGuard({ origin: source });
    const socket = connect(guard.port, '127.0.0.1');
    socket.write('GET /rides HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
    let received = 0;
    const [first] = (await once(socket, 'data')) as [Buffer];
    received += first.length;
    socket.pause();
    for (let turn = 0; turn < 60; turn++) await ask(guard.port, 'GET /anything');
    expect(written).toBeLessThan(total);
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    socket.resume();
    await once(socket, 'close');
    expect(written).toBeGreaterThanOrEqual(total);
    expect(received).toBeGreaterThan(total);
  });
});

describe('a stream', () => {
  test.each([
    ['application/x-ndjson', `${user(1)}\n`, '{"id":"p1","is_private":false,"city":"KEEP"}\n'],
    ['application/jsonl', `${user(1)}\n`, '{"id":"p1","is_private":false,"city":"KEEP"}\n'],
    ['text/event-stream', `event: u\ndata: ${user(1)}\n\n`, 'data: {"id":"p1","is_private":false,"city":"KEEP"}\n\n'],
  ])('of %s reaches the client record by record, before the origin ends it', async (type, record, sealed) => {
    const opened: ServerResponse[] = [];
    const source = await origin(
      (response) => {
        opened.push(response);
        response.write(record);
      },
      { 'content-type': type },
    );
    const guard = await startTestGuard({ origin: source });
    const socket = connect(guard.port, '127.0.0.1');
    socket.write(
      `GET /users/1 HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\nAuthorization: Bearer ${await token('9')}\r\n\r\n`,
    );
    let raw = '';
    const body = (): string => unchunked(raw.slice(raw.indexOf('\r\n\r\n') + 4)).text;
    const until = async (text: string): Promise<void> => {
      while (body() !== text) raw += String(((await once(socket, 'data')) as [Buffer])[0]);
    };
    await until(sealed);
    opened[0]?.write(record);
    await until(sealed + sealed);
    opened[0]?.end();
    await once(socket, 'close');
    expect(raw).not.toContain('LEAK');
    const records = await guard.records();
    expect(records.map((each) => each.type)).toEqual(['access', 'access', 'end']);
  });

  test('is closed at the origin when the client disconnects', async () => {
    let close: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => (close = resolve));
    const source = await origin(
      (response) => {
        response.on('close', () => close?.());
        response.write(`${user(1)}\n`);
      },
      { 'content-type': 'application/x-ndjson' },
    );
    const guard = await startTestGuard({ origin: source });
    const socket = connect(guard.port, '127.0.0.1');
    socket.write(`GET /users/1 HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer ${await token('9')}\r\n\r\n`);
    await once(socket, 'data');
    socket.destroy();
    await gone;
    expect((await guard.records()).at(-1)).toMatchObject({ type: 'end', ended: 'cut-off' });
  });
});
