import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Exchange } from '@leakproof/core';
import { buildInventory } from '../inventory/build-inventory.ts';
import { exchangeOf } from '../testing/exchange-of.ts';
import { readRecording } from './read-recording.ts';
import type { RecordingKey } from './recording-header.ts';
import { writeRecording } from './write-recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'recording-'));
let files = 0;
const newFile = (): string => join(folder, `${++files}.rec`);
const key: RecordingKey = { bytes: new Uint8Array(32).fill(7) };
const times = { created: 1_700_000_000_000, expires: 1_700_600_000_000 };
const NOW = 1_700_100_000_000;

async function readAll(path: string, with_: RecordingKey = key): Promise<{ exchanges: Exchange[]; torn: boolean }> {
  const recording = await readRecording(path, with_, NOW);
  const exchanges: Exchange[] = [];
  for await (const exchange of recording.exchanges) exchanges.push(exchange);
  return { exchanges, torn: recording.outcome.torn };
}

function record(path: string, exchanges: readonly Exchange[], mode: 'full' | 'shapes-only' = 'full'): void {
  const writer = writeRecording(path, { identity: 'alice', mode, key, ...times });
  for (const exchange of exchanges) writer.add(exchange);
  writer.close();
}

const me = exchangeOf('GET /api/user/olga?limit=5', {
  headers: [['authorization', 'Bearer s3cret-token-1']],
  answer: { id: 90_211, username: 'olga', email: 'olga@example.org', private: true },
  caller: { auth: 'credential', scheme: 'bearer', fingerprint: 'f1' },
});

test('a recording is read back complete, with credentials and its identity', async () => {
  const path = newFile();
  record(path, [me, exchangeOf('POST /rides', { send: { minutes: 31 }, status: 201, caller: { auth: 'anonymous' } })]);
  const { exchanges, torn } = await readAll(path);
  expect(torn).toBe(false);
  expect(exchanges.map(({ caller }) => caller.identity)).toEqual(['alice', undefined]);
  expect(exchanges[0]?.request).toEqual(me.request);
  expect(Buffer.from(exchanges[0]?.response?.body ?? [])).toEqual(Buffer.from(me.response?.body ?? []));
});

test('the file has mode 0600 and discloses its expiry, but nothing of the traffic', () => {
  const path = newFile();
  record(path, [me]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const text = readFileSync(path, 'latin1');
  expect(text).toContain('Expires 2023-11-21');
  expect(text).not.toMatch(/olga|s3cret|90211/);
});

test('a recording with a passphrase is read with the same passphrase', async () => {
  const path = newFile();
  const passphrase: RecordingKey = { passphrase: 'eleven wet bicycles' };
  writeRecording(path, { identity: 'alice', mode: 'full', key: passphrase, ...times }).close();
  expect(await readAll(path, passphrase)).toEqual({ exchanges: [], torn: false });
  await expect(readAll(path, { passphrase: 'twelve' })).rejects.toMatchObject({ code: 'LP-RECORDING-KEY' });
  await expect(readAll(path, key)).rejects.toMatchObject({ code: 'LP-RECORDING-KEY' });
});

test('an existing file is never overwritten', () => {
  const path = newFile();
  record(path, []);
  expect(() => record(path, [])).toThrow(expect.objectContaining({ code: 'LP-RECORDING-EXISTS' }));
});

test('shapes-only records names, shapes and the equality of values, but no value', async () => {
  const path = newFile();
  const graphql = exchangeOf('POST /graphql', {
    send: { query: 'query Q { user(id: "olga@example.org") { town: location } }', variables: { who: 'ivan' } },
    answer: { data: { user: { town: 'Kirkwall' } } },
  });
  const traffic = [
    exchangeOf('GET /api/user/search/ol', {
      answer: { data: [{ id: 90_211, username: 'olga', town: 'Kirkwall' }], total: 1, page: 0 },
    }),
    me,
    exchangeOf('GET /api/user/90211/rides?since=2023-01-02', {
      answer: { data: [{ id: 5_551_212, minutes: 31, rider: 90_211 }] },
    }),
    exchangeOf('GET /api/user/nobody', { status: 404 }),
    graphql,
  ];
  record(path, traffic, 'shapes-only');
  const { exchanges } = await readAll(path);
  const kept = JSON.stringify(
    exchanges.map((exchange) => [
      exchange,
      exchange.request.body && Buffer.from(exchange.request.body).toString(),
      exchange.response?.body && Buffer.from(exchange.response.body).toString(),
    ]),
  );
  expect(kept).not.toMatch(/olga|ivan|Kirkwall|90211|5551212|s3cret|2023-01-02|nobody/);
  const inventory = buildInventory();
  for (const exchange of exchanges) inventory.add(exchange);
  expect(inventory.finish().operations.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['GET /api/user/{id}/rides', 'Query.user']),
  );
  const bodies = exchanges.map(({ response }) =>
    response?.body ? (JSON.parse(Buffer.from(response.body).toString()) as Record<string, never>) : {},
  );
  expect(bodies[1]?.['id']).toBe(bodies[0]?.['data']?.[0]?.['id']);
  expect(exchanges[2]?.request.target).toContain(`/api/user/${String(bodies[1]?.['id'])}/rides`);
});

test('any exchange is read back from a recording as it was written', async () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const exchange = fc.record({
    body: fc.option(bytes, { nil: undefined }),
    target: fc.webPath(),
    status: fc.integer({ min: 100, max: 599 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(exchange, { maxLength: 5 }), async (parts) => {
      const path = newFile();
      const written = parts.map(({ body, target, status }) => {
        const one = exchangeOf('PUT /');
        return {
          ...one,
          request: { ...one.request, target, ...(body && { body }) },
          response: { status, headers: [] },
        };
      });
      record(path, written);
      const { exchanges, torn } = await readAll(path);
      expect(torn).toBe(false);
      expect(
        exchanges.map(({ request }) => [request.target, request.body && Buffer.from(request.body).toString('hex')]),
      ).toEqual(
        written.map(({ request }) => [request.target, request.body && Buffer.from(request.body).toString('hex')]),
      );
    }),
    { numRuns: 30 },
  );
});
