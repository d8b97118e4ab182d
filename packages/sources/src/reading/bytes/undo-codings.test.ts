import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { undoCodings } from './undo-codings.ts';

const BODY = Buffer.from('{"a":1}'.repeat(20));
const undo = (body: Buffer, ...headers: [string, string][]) => undoCodings(body, headers, 10_000);

test.each([
  ['gzip', gzipSync(BODY)],
  ['deflate', deflateSync(BODY)],
  ['deflate', deflateRawSync(BODY)],
  ['br', brotliCompressSync(BODY)],
  ['identity', BODY],
])('%s is undone', (coding, bytes) => {
  expect(undo(bytes, ['content-encoding', coding])).toEqual(BODY);
});

test.each(['gzip', 'deflate', 'br', 'zstd'])(
  'a body that is not %s, although its header says so, is unchanged',
  (coding) => {
    expect(undo(BODY, ['content-encoding', coding])).toEqual(BODY);
  },
);

test('several codings are decoded from the last to the first', () => {
  expect(undo(brotliCompressSync(gzipSync(BODY)), ['content-encoding', 'gzip, br'])).toEqual(BODY);
});

test('chunked coding is decoded, and a body that is not chunked is unchanged', () => {
  expect(undo(Buffer.from('3;x=y\r\nabc\r\n0\r\n\r\n'), ['transfer-encoding', 'chunked'])?.toString()).toBe('abc');
  expect(undo(BODY, ['transfer-encoding', 'chunked'])).toEqual(BODY);
});

test('a decompression bomb, a damaged stream and an unknown coding have no body', () => {
  expect(undo(gzipSync(Buffer.alloc(1_000_000)), ['content-encoding', 'gzip'])).toBeUndefined();
  expect(undo(gzipSync(BODY).subarray(0, 20), ['content-encoding', 'gzip'])).toBeUndefined();
  expect(undo(BODY, ['content-encoding', 'sdch'])).toBeUndefined();
});
