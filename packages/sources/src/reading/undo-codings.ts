import type { Headers } from '@leakproof/core';
import * as zlib from 'node:zlib';

/**
 * A body with its transfer and content codings undone (RFC 9112 §7.1, RFC 9110 §8.4). Proxies often undo a coding and leave
 * the header: a body that does not look encoded is taken as it is. Undefined: it is encoded and cannot be decoded, or it
 * would unfold beyond `maxBytes`.
 */
export function undoCodings(body: Uint8Array, headers: Headers, maxBytes: number): Uint8Array | undefined {
  let bytes: Buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (codings(headers, 'transfer-encoding').includes('chunked')) bytes = dechunk(bytes) ?? bytes;
  for (const coding of codings(headers, 'content-encoding').reverse()) {
    const decoded = decode(coding, bytes, maxBytes);
    if (decoded === undefined) return undefined;
    bytes = decoded;
  }
  return bytes.length > maxBytes ? undefined : bytes;
}

function codings(headers: Headers, name: string): string[] {
  return headers
    .filter((header) => header[0] === name)
    .flatMap((header) => header[1].split(','))
    .map((coding) => coding.trim().toLowerCase());
}

function decode(coding: string, bytes: Buffer, maxOutputLength: number): Buffer | undefined {
  if (bytes.length === 0 || coding === '' || coding === 'identity') return bytes;
  const options = { maxOutputLength };
  try {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
        return bytes[0] === 0x1f && bytes[1] === 0x8b ? zlib.gunzipSync(bytes, options) : bytes;
      case 'deflate':
        return inflate(bytes, options);
      case 'br':
        return zlib.brotliDecompressSync(bytes, options);
      case 'zstd':
        return bytes.readUInt32LE(0) === 0xfd2fb528 ? zlib.zstdDecompressSync(bytes, options) : bytes;
      default:
        return undefined;
    }
  } catch {
    return coding === 'br' && isText(bytes) ? bytes : undefined;
  }
}

/** `deflate` means zlib; some servers send the bare stream. */
function inflate(bytes: Buffer, options: { maxOutputLength: number }): Buffer {
  const first = bytes[0] ?? 0;
  if ((first & 0x0f) === 8 && ((first << 8) | (bytes[1] ?? 0)) % 31 === 0) return zlib.inflateSync(bytes, options);
  return isText(bytes) ? bytes : zlib.inflateRawSync(bytes, options);
}

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, 4096).includes(0) && Buffer.from(bytes.toString()).equals(bytes);
}

/** Chunked coding undone, or undefined if it is not chunked from end to end (trailers are dropped). */
function dechunk(bytes: Buffer): Buffer | undefined {
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0 || lineEnd - at > 1024) return undefined;
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(bytes.toString('latin1', at, lineEnd))?.[1];
    if (size === undefined) return undefined;
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(pieces);
    const end = lineEnd + 2 + length;
    if (end + 2 > bytes.length || bytes[end] !== 13) return undefined;
    pieces.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
