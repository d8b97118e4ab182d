import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Headers } from '@leakproof/core';
import { headerValues } from './message.ts';

/** A content coding that can be undone (RFC 9110 §8.4.1; zstd: RFC 9659). */
export type Coding = 'gzip' | 'x-gzip' | 'br' | 'deflate' | 'zstd';

/** How much a decoder believes, and where it stops. */
export interface ContentPolicy {
  /** Most bytes of the body, coded or decoded. */
  readonly maxBytes: number;
  /** Most decoded bytes for each coded byte; see `maxDecodedBytes`. */
  readonly maxRatio: number;
  /** Most codings on top of one another. */
  readonly maxLayers: number;
  /**
   * What a body is that is not coded as its header says. `refuse`: unreadable. `accept`: taken as it is, because proxies and
   * capture tools often decode a body and keep the header.
   */
  readonly mislabelled: 'refuse' | 'accept';
}

/** For messages on the wire: nothing is guessed. */
export const STRICT: Pick<ContentPolicy, 'maxLayers' | 'mislabelled'> = { maxLayers: 2, mislabelled: 'refuse' };
/** For messages that a tool has saved. */
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

/** Whether a body begins as the coding does. Brotli has no signature: only text is surely none of it. */
const LOOKS_CODED: Readonly<Record<Coding, (body: Uint8Array) => boolean>> = {
  gzip: isGzip,
  'x-gzip': isGzip,
  br: () => true,
  deflate: (body) => isZlib(body) || !isText(body),
  zstd: (body) => body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd,
};

/**
 * Undoes the content codings of a body. `unreadable`: an unknown coding, too many layers, or bytes that are not coded so.
 * `too-large`: beyond a limit of the policy; decompression stops there.
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
    const inner = undo(coding, decoded, { maxOutputLength, mislabelled: policy.mislabelled });
    if (typeof inner === 'string') return inner;
    decoded = inner;
  }
  return decoded;
}

function undo(
  coding: Coding,
  body: Uint8Array,
  { maxOutputLength, mislabelled }: { maxOutputLength: number; mislabelled: ContentPolicy['mislabelled'] },
): Uint8Array | 'unreadable' | 'too-large' {
  const accepts = mislabelled === 'accept';
  if (accepts && (body.length === 0 || !LOOKS_CODED[coding](body))) return body;
  try {
    return DECODERS[coding](body, { maxOutputLength });
  } catch (error) {
    if (isTooLarge(error)) return 'too-large';
    return accepts && coding === 'br' && isText(body) ? body : 'unreadable';
  }
}

const NO_CODINGS: readonly Coding[] = [];

/** The codings of a body, in the order they were applied. `unreadable`: one that is unknown, or more than `maxLayers`. */
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

/** Most bytes that so many coded bytes may become. At least 64 KiB: a short body of zeros is no bomb. */
export function maxDecodedBytes(codedBytes: number, maxRatio: number): number {
  return Math.max(64 * 1024, codedBytes * maxRatio);
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
