import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** The body with its content coding undone (RFC 9110 §8.4), at most `maxBytes` of it; undefined if it cannot be. */
export function decodeBody(body: Uint8Array, coding: string, maxBytes: number): Uint8Array | undefined {
  const limit = { maxOutputLength: maxBytes };
  try {
    switch (coding.trim()) {
      case '':
      case 'identity':
        return body;
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, limit);
      case 'deflate':
        return inflateSync(body, limit);
      case 'br':
        return brotliDecompressSync(body, limit);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
