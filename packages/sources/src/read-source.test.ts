import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { bytesOf } from './reading/bytes/byte-source.ts';
import { readBytes, readSource, type SourceOptions } from './read-source.ts';
import type { Reading } from './reading/reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'leakproof-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array, options?: SourceOptions): Promise<Reading[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const readings: Reading[] = [];
  for await (const reading of readSource(path, options)) readings.push(reading);
  return readings;
}

const LOG = '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 5\n';

test('the format is recognised by content, compressed or not, whatever the name of the file', async () => {
  expect(await read('a.json', LOG)).toMatchObject([
    { exchange: { provenance: { reader: 'log-combined', at: 'line 1' } } },
  ]);
  expect(await read('a.yaml', gzipSync(LOG))).toMatchObject([{ exchange: { request: { target: '/a' } } }]);
});

test('a log_format selects the nginx reader', async () => {
  const readings = await read('b.txt', '/a GET 200\n', { logFormat: '$request_uri $request_method $status' });
  expect(readings).toMatchObject([
    { exchange: { request: { method: 'GET', target: '/a' }, response: { status: 200 } } },
  ]);
});

test('the origin option applies to a log without one', async () => {
  const readings = await read('c.txt', LOG, {
    origin: { scheme: 'https', authority: 'api.example.test' },
    identity: 'alice',
  });
  expect(readings).toMatchObject([
    {
      exchange: {
        request: { scheme: 'https', authority: 'api.example.test' },
        caller: { auth: 'unknown', identity: 'alice' },
      },
    },
  ]);
});

test.each([
  ['a file that is not there', () => readSource(join(folder, 'nothing')), 'LP-FILE-UNREADABLE'],
  ['a folder', () => readSource(folder), 'LP-FILE-UNREADABLE'],
  ['content that no reader recognises', () => readBytes(bytesOf('x', 'just words')), 'LP-SOURCE-UNKNOWN'],
  ['an empty source', () => readBytes(bytesOf('x', '')), 'LP-SOURCE-UNKNOWN'],
  ['a reader that does not exist', () => readBytes(bytesOf('x', LOG), { as: 'harr' }), 'LP-READER-UNKNOWN'],
] as const)('%s is an error with a code', async (_what, start, code) => {
  await expect(start().next()).rejects.toMatchObject({ code });
});

test('a source without content yields nothing-read', async () => {
  expect(await read('d.har', '{"log":{"entries":[]}}')).toMatchObject([
    { type: 'reject', code: 'nothing-read', count: 1 },
  ]);
});
