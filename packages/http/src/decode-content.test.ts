import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type ContentPolicy, decodeContent, SAVED, STRICT } from './decode-content.ts';

const BODY = Buffer.from('{"a":1}'.repeat(20));
const strict: ContentPolicy = { ...STRICT, maxBytes: 100_000, maxRatio: 100 };
const saved: ContentPolicy = { ...SAVED, maxBytes: 100_000 };
const decode = (coding: string, body: Uint8Array, policy: ContentPolicy): unknown =>
  decodeContent([['content-encoding', coding]], body, policy);

const CODED = [
  ['', BODY],
  ['identity', BODY],
  ['gzip', gzipSync(BODY)],
  ['x-gzip', gzipSync(BODY)],
  ['GZIP', gzipSync(BODY)],
  ['deflate', deflateSync(BODY)],
  ['deflate', deflateRawSync(BODY)],
  ['br', brotliCompressSync(BODY)],
  ['zstd', zstdCompressSync(BODY)],
  ['gzip, br', brotliCompressSync(gzipSync(BODY))],
] as const;

describe.each([
  ['strict', strict],
  ['saved', saved],
])('with the policy %s', (_, policy) => {
  test.each(CODED)('"%s" is decoded', (coding, bytes) => {
    expect(decode(coding, bytes, policy)).toEqual(BODY);
  });

  test.each([
    ['sdch', BODY, 'unreadable'],
    ['zstd-of-tomorrow', BODY, 'unreadable'],
    ['gzip', gzipSync(BODY).subarray(0, 20), 'unreadable'],
    ['gzip', gzipSync(Buffer.alloc(1_000_000)), 'too-large'],
    ['', Buffer.alloc(100_001), 'too-large'],
    [Array.from({ length: 9 }, () => 'gzip').join(), BODY, 'unreadable'],
  ] as const)(
    '"%s" that is unknown, damaged, too large or has too many layers is refused (%#)',
    (coding, bytes, outcome) => {
      expect(decode(coding, bytes, policy)).toBe(outcome);
    },
  );
});

test.each(['gzip', 'deflate', 'br', 'zstd'])(
  'a body without the coding %s of its header is refused from the network, and accepted from a file',
  (coding) => {
    expect(decode(coding, BODY, strict)).toBe('unreadable');
    expect(decode(coding, BODY, saved)).toEqual(BODY);
  },
);

test('from the network a body beyond 64 KiB grows by no more than the ratio', () => {
  expect(decode('gzip', gzipSync(Buffer.alloc(60_000)), strict)).toHaveLength(60_000);
  expect(decode('gzip', gzipSync(Buffer.alloc(90_000)), strict)).toBe('too-large');
});
