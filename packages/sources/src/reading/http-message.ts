import type { Headers } from '@leakproof/core';

/** An HTTP/1 message as a proxy keeps it: its first line, its headers and the bytes after them, not yet decoded. */
export interface RawMessage {
  readonly firstLine: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Headers of one message beyond this are no headers. */
const MAX_HEAD_BYTES = 1_048_576;

/** Cuts a message at its empty line; line ends may be LF. `lost` is told how many header lines had no name. */
export function cutMessage(bytes: Uint8Array, lost: (count: number) => void): RawMessage | undefined {
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
    else if (line !== '') lost(1);
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

/** `HTTP/1.1 200 OK` as its status; 0 is what a proxy writes for no response at all. Undefined if it is no status line. */
export function statusLine(line: string): number | undefined {
  const status = /^HTTP\/\d(?:\.\d)? (\d{3}|0)(?: |$)/.exec(line)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The first value of a header, or undefined. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find((header) => header[0] === name)?.[1];
}
