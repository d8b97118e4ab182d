import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Coding } from './decode-content.ts';
import { decodeParts } from './decode-parts.ts';
import type { BodyPart } from './message.ts';

const TEXT = Buffer.from('{"id":"7","name":"alice"}'.repeat(50));
const CODED: readonly (readonly [string, readonly Coding[], Uint8Array])[] = [
  ['gzip', ['gzip'], gzipSync(TEXT)],
  ['zlib', ['deflate'], deflateSync(TEXT)],
  ['raw deflate', ['deflate'], deflateRawSync(TEXT)],
  ['brotli', ['br'], brotliCompressSync(TEXT)],
  ['zstd', ['zstd'], zstdCompressSync(TEXT)],
  ['two layers', ['gzip', 'br'], brotliCompressSync(gzipSync(TEXT))],
];

/** Everything decoded from a body in parts of these sizes; or the error code, if there is one. */
async function decodeAll(bytes: Uint8Array, codings: readonly Coding[], sizes: readonly number[]): Promise<unknown> {
  let at = 0;
  let index = 0;
  let pulls = 0;
  const pull = (): Promise<BodyPart> => {
    pulls++;
    const to = Math.min(bytes.length, at + (sizes[index++ % sizes.length] ?? 1));
    const chunk = bytes.subarray(at, to);
    at = to;
    return Promise.resolve({ chunks: [chunk], isLast: to === bytes.length });
  };
  const next = decodeParts(pull, codings, 100);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const part = await next();
    if ('failed' in part) return { failed: part.failed, chunks: Buffer.concat(chunks).length, pulls };
    chunks.push(...part.chunks);
    if (part.isLast) return Buffer.concat(chunks).toString();
  }
}

describe('a body that is read in parts', () => {
  test.each(CODED)('is decoded from %s, wherever it is split', async (_, codings, bytes) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, async (given) => {
        expect(await decodeAll(bytes, codings, given)).toBe(TEXT.toString());
      }),
      { numRuns: 10 },
    );
  });

  test.each(CODED)('is an error if %s is truncated', async (_, codings, bytes) => {
    expect(await decodeAll(bytes.subarray(0, -9), codings, [7])).toMatchObject({ failed: 'LP-RESPONSE-UNREADABLE' });
  });

  test.each(['gzip', 'br', 'deflate', 'zstd'] as const)('that is not %s is an error', async (coding) => {
    expect(await decodeAll(TEXT, [coding], [64])).toMatchObject({ failed: 'LP-RESPONSE-UNREADABLE', chunks: 0 });
  });

  test.each([
    ['a layer', ['gzip'], (body: Buffer) => gzipSync(body)],
    ['a layer of zstd', ['zstd'], (body: Buffer) => zstdCompressSync(body)],
    ['a layer of a layer', ['br', 'gzip'], (body: Buffer) => gzipSync(brotliCompressSync(body))],
  ] as const)('grows by no more than the ratio in %s', async (_, codings, code) => {
    const bytes = code(Buffer.alloc(20_000_000));
    const stopped = (await decodeAll(bytes, codings, [1_000])) as { failed: string; chunks: number };
    expect(stopped.failed).toBe('LP-RESPONSE-TOO-LARGE');
    expect(stopped.chunks).toBeLessThanOrEqual(Math.max(65_536, bytes.length * 100));
  });

  test('fails with the error of its origin', async () => {
    const next = decodeParts(() => Promise.resolve({ failed: 'LP-ORIGIN-CUT-OFF' }), ['gzip'], 100);
    expect(await next()).toEqual({ failed: 'LP-ORIGIN-CUT-OFF' });
  });
});
