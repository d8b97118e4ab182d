import type { Headers } from '@leakproof/core';

/** An HTTP/1 message: its first line, its headers, and the body as sent, not decoded. */
export interface RawMessage {
  readonly firstLine: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const MAX_HEAD_BYTES = 1_048_576;

/** Splits a message at its empty line; line ends may be LF. `onInvalidHeader` gets the number of lines without a name. */
export function cutMessage(bytes: Uint8Array, onInvalidHeader: (count: number) => void): RawMessage | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { headEnd, bodyStart } = findBody(buffer);
  if (headEnd > MAX_HEAD_BYTES) return undefined;
  const [firstLine = '', ...lines] = buffer.toString('latin1', 0, headEnd).split(/\r?\n/);
  const headers: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last[1] = `${last[1]} ${line.trim()}`;
    else if (colon > 0) headers.push([line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]);
    else if (line !== '') onInvalidHeader(1);
  }
  return firstLine.trim() === ''
    ? undefined
    : { firstLine: firstLine.trim(), headers, body: buffer.subarray(bodyStart) };
}

function findBody(bytes: Buffer): { headEnd: number; bodyStart: number } {
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { headEnd: crlf, bodyStart: crlf + 4 };
  return lf < 0 ? { headEnd: bytes.length, bodyStart: bytes.length } : { headEnd: lf, bodyStart: lf + 2 };
}

/** The status in `HTTP/1.1 200 OK`; 0, as proxies write it, means no response. Undefined if it is not a status line. */
export function statusLine(line: string): number | undefined {
  const status = /^HTTP\/\d(?:\.\d)? (\d{3}|0)(?: |$)/.exec(line)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The first value of a header, or undefined. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find((header) => header[0] === name)?.[1];
}
