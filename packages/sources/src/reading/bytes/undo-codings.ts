import type { Headers } from '@leakproof/core';
import { decodeContent, headerValues, SAVED } from '@leakproof/http';

/**
 * The body of a saved message, with its transfer and content codings decoded (RFC 9112 §7.1, RFC 9110 §8.4). A body that does not look
 * encoded is returned as it is, because capture tools often decode it and keep the header. Undefined if it cannot be decoded, or would
 * be larger than `maxBytes`.
 */
export function undoCodings(body: Uint8Array, headers: Headers, maxBytes: number): Uint8Array | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isChunked = headerValues(headers, 'transfer-encoding').some((value) => /(?:^|[,\s])chunked\s*$/i.test(value));
  const decoded = decodeContent(headers, (isChunked && dechunk(bytes)) || bytes, { ...SAVED, maxBytes });
  return typeof decoded === 'string' ? undefined : decoded;
}

/** Decodes chunked coding, without trailers; undefined if the body is not completely chunked. */
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
