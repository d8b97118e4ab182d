import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { Headers } from '@leakproof/core';
import { valuesOf } from '../engine/message.ts';

export interface CodingLimits {
  readonly maxBytes: number;
  readonly maxRatio: number;
}

/** A content coding that is undone (RFC 9110 §8.4.1). */
export type Coding = 'gzip' | 'x-gzip' | 'br' | 'deflate';

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Buffer;

const DECODERS: Readonly<Record<Coding, Decoder>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  br: brotliDecompressSync,
  // Said to be zlib (RFC 9110 §8.4.1.2), and raw from some servers.
  deflate: (body, options) => ((body[0] ?? 0) % 16 === 8 ? inflateSync(body, options) : inflateRawSync(body, options)),
};

/**
 * Undoes the content codings of a body. `unreadable`: a coding not known, more than two layers, or bytes that are none of
 * it. `too-large`: more than the limit, or than the ratio allows: decompression stops there.
 */
export function decodeContent(
  headers: Headers,
  body: Uint8Array,
  limits: CodingLimits,
): Uint8Array | 'unreadable' | 'too-large' {
  if (body.length > limits.maxBytes) return 'too-large';
  const codings = codingsOf(headers);
  if (codings === 'unreadable') return 'unreadable';
  let decoded = body;
  const maxOutputLength = Math.min(limits.maxBytes, mostDecoded(body.length, limits.maxRatio));
  for (const coding of codings.toReversed()) {
    try {
      decoded = DECODERS[coding](decoded, { maxOutputLength });
    } catch (error) {
      return isTooLarge(error) ? 'too-large' : 'unreadable';
    }
  }
  return decoded;
}

const NO_CODINGS: readonly Coding[] = [];

/** The codings of a body, in the order they were applied. `unreadable`: one that is not known, or more than two. */
export function codingsOf(headers: Headers): readonly Coding[] | 'unreadable' {
  const values = valuesOf(headers, 'content-encoding');
  if (values.length === 0) return NO_CODINGS;
  const codings = values
    .flatMap((value) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  return codings.length <= 2 && codings.every(isCoding) ? codings : 'unreadable';
}

function isCoding(name: string): name is Coding {
  return Object.hasOwn(DECODERS, name);
}

/** What so many bytes may grow to. A small body may well be all zeros; only what is large as well is a bomb. */
export function mostDecoded(bytes: number, maxRatio: number): number {
  return Math.max(64 * 1024, bytes * maxRatio);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
