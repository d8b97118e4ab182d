import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Headers } from '@leakproof/core';
import { headerValues } from './message.ts';

/** A content coding that can be decoded (RFC 9110 §8.4.1; zstd: RFC 9659). */
export type Coding = 'gzip' | 'x-gzip' | 'br' | 'deflate' | 'zstd';

/** What a decoder accepts, and its limits. */
export interface ContentPolicy {
  /** Largest body, encoded or decoded, in bytes. */
  readonly maxBytes: number;
  /** Most decoded bytes for each encoded byte; see `maxDecodedBytes`. */
  readonly maxRatio: number;
  /** Most codings applied to one body. */
  readonly maxLayers: number;
  /**
   * A body that is not encoded as its header says. `refuse`: it is unreadable. `accept`: it is returned unchanged, because proxies
   * and capture tools often decode a body and keep the header.
   */
  readonly mislabelled: 'refuse' | 'accept';
}

/** For messages from the network. */
export const STRICT: Pick<ContentPolicy, 'maxLayers' | 'mislabelled'> = { maxLayers: 2, mislabelled: 'refuse' };
/** For messages saved by a tool. */
export const SAVED: Pick<ContentPolicy, 'maxLayers' | 'maxRatio' | 'mislabelled'> = {
  maxLayers: 8,
  maxRatio: Infinity,
  mislabelled: 'accept',
};

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Buffer;

const DECODERS: Readonly<Record<Coding, Decoder>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  br: brotliDecompressSync,
  // Defined as zlib (RFC 9110 §8.4.1.2); some servers send raw deflate.
  deflate: (body, options) => ((body[0] ?? 0) % 16 === 8 ? inflateSync(body, options) : inflateRawSync(body, options)),
  zstd: zstdDecompressSync,
};

/** True if a body may have the coding, by its first bytes. Brotli has no signature. */
const MAY_HAVE_CODING: Readonly<Record<Coding, (body: Uint8Array) => boolean>> = {
  gzip: isGzip,
  'x-gzip': isGzip,
  br: () => true,
  deflate: (body) => isZlib(body) || !isText(body),
  zstd: (body) => body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd,
};

/**
 * Decodes the content codings of a body (pitfalls E1, E2, docs/pitfalls.md). `unreadable`: an unknown coding, too many layers, or
 * bytes that do not have the coding. `too-large`: beyond a limit of the policy; decompression stops there.
 */
export function decodeContent(
  headers: Headers,
  body: Uint8Array,
  policy: ContentPolicy,
): Uint8Array | 'unreadable' | 'too-large' {
  if (body.length > policy.maxBytes) return 'too-large';
  const codings = codingsOf(headers, policy.maxLayers);
  if (codings === 'unreadable') return 'unreadable';
  const maxOutputLength = Math.min(policy.maxBytes, maxDecodedBytes(body.length, policy.maxRatio));
  let decoded = body;
  for (const coding of codings.toReversed()) {
    const inner = decodeLayer(coding, decoded, { maxOutputLength, mislabelled: policy.mislabelled });
    if (typeof inner === 'string') return inner;
    decoded = inner;
  }
  return decoded;
}

function decodeLayer(
  coding: Coding,
  body: Uint8Array,
  { maxOutputLength, mislabelled }: { maxOutputLength: number; mislabelled: ContentPolicy['mislabelled'] },
): Uint8Array | 'unreadable' | 'too-large' {
  const accepts = mislabelled === 'accept';
  if (accepts && (body.length === 0 || !MAY_HAVE_CODING[coding](body))) return body;
  try {
    return DECODERS[coding](body, { maxOutputLength });
  } catch (error) {
    if (isTooLarge(error)) return 'too-large';
    return accepts && coding === 'br' && isText(body) ? body : 'unreadable';
  }
}

const NO_CODINGS: readonly Coding[] = [];

/** The codings of a body, in the order they were applied. `unreadable`: an unknown one, or more than `maxLayers`. */
export function codingsOf(headers: Headers, maxLayers = STRICT.maxLayers): readonly Coding[] | 'unreadable' {
  const values = headerValues(headers, 'content-encoding');
  if (values.length === 0) return NO_CODINGS;
  const codings = values
    .flatMap((value) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  return codings.length <= maxLayers && codings.every(isCoding) ? codings : 'unreadable';
}

function isCoding(name: string): name is Coding {
  return Object.hasOwn(DECODERS, name);
}

/** Most bytes that a body may have after decoding. At least 64 KiB: a small body may compress by any ratio. */
export function maxDecodedBytes(encodedBytes: number, maxRatio: number): number {
  return Math.max(64 * 1024, encodedBytes * maxRatio);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** A zlib header (RFC 1950): deflate, and a check value that fits. */
function isZlib(body: Uint8Array): boolean {
  const first = body[0] ?? 0;
  return (first & 0x0f) === 8 && ((first << 8) | (body[1] ?? 0)) % 31 === 0;
}

function isText(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return !bytes.subarray(0, 4096).includes(0) && Buffer.from(bytes.toString()).equals(bytes);
}
