import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { type ErrorCode, isLeakproofError, LeakproofError } from '@leakproof/core';
import { type Coding, maxDecodedBytes } from './decode-content.ts';
import type { BodyPart } from './message.ts';

const CHUNK = { chunkSize: 64 * 1024 };

const DECODERS: Readonly<Record<Coding, (firstByte: number) => Transform>> = {
  gzip: () => createGunzip(CHUNK),
  'x-gzip': () => createGunzip(CHUNK),
  br: () => createBrotliDecompress(CHUNK),
  deflate: (firstByte) => (firstByte % 16 === 8 ? createInflate(CHUNK) : createInflateRaw(CHUNK)),
  zstd: () => createZstdDecompress(CHUNK),
};

type Bytes = AsyncGenerator<Uint8Array, void>;

/**
 * Decodes the content codings of a body part by part: a part is read only when the next one is asked for, and no layer may grow
 * by more than `maxRatio`. Does not reject: an error is a part with a code.
 */
export function decodeParts(
  pull: () => BodyPart | Promise<BodyPart>,
  codings: readonly Coding[],
  maxRatio: number,
): () => Promise<BodyPart> {
  const read = { bytes: 0 };
  let source = partsOf(pull, read);
  for (const coding of codings.toReversed()) source = bounded(decoded(source, coding), read, maxRatio);
  return async () => {
    try {
      const { done, value } = await source.next();
      return done ? { chunks: [], isLast: true } : { chunks: [value], isLast: false };
    } catch (error) {
      return { failed: isLeakproofError(error) ? error.code : 'LP-RESPONSE-UNREADABLE' };
    }
  };
}

async function* partsOf(pull: () => BodyPart | Promise<BodyPart>, read: { bytes: number }): Bytes {
  for (;;) {
    const part = await pull();
    if ('failed' in part) throw stop(part.failed);
    for (const chunk of part.chunks) {
      read.bytes += chunk.length;
      yield chunk;
    }
    if (part.isLast) return;
  }
}

async function* decoded(source: Bytes, coding: Coding): Bytes {
  const first = await source.next();
  if (first.done) throw stop('LP-RESPONSE-UNREADABLE');
  const decoder = DECODERS[coding](first.value[0] ?? 0);
  async function* whole(): Bytes {
    if (!first.done) yield first.value;
    yield* source;
  }
  yield* pipeline(Readable.from(whole(), { highWaterMark: 1 }), decoder, () => undefined) as AsyncIterable<Uint8Array>;
}

async function* bounded(source: Bytes, read: { readonly bytes: number }, maxRatio: number): Bytes {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxDecodedBytes(read.bytes, maxRatio)) throw stop('LP-RESPONSE-TOO-LARGE');
    yield chunk;
  }
}

function stop(code: ErrorCode): LeakproofError {
  return new LeakproofError(code, 'The body is not read further.');
}
