import { isUtf8 } from 'node:buffer';
import type { LongString } from './split-json.ts';

const BACKSLASH = 92;
const TEXT_KEY = '"text"';

/**
 * A JSON value of which the long strings at keys called `text` (HAR's bodies) were left out: they stand as `{"cut": n}` in
 * `json`, and `bodies[n]` has the bytes they mean. To parse them with the rest would decode each body twice.
 */
export interface CutJson {
  readonly json: string;
  readonly bodies: readonly Uint8Array[];
}

/** The value with its bodies cut out; undefined if it is not certain that this means the same, and then nothing is cut. */
export function cutBodies(bytes: Buffer, long: readonly LongString[]): CutJson | undefined {
  const bodies: Uint8Array[] = [];
  let json = '';
  let done = 0;
  for (const [start, end] of long) {
    if (!isValueOfText(bytes, start)) continue;
    const body = unescapeJson(bytes, start + 1, end - 1);
    if (body === undefined) return undefined;
    json += `${bytes.toString('utf8', done, start)}{"cut":${bodies.length}}`;
    bodies.push(body);
    done = end;
  }
  return bodies.length === 0 ? undefined : { json: json + bytes.toString('utf8', done), bodies };
}

function isValueOfText(bytes: Buffer, quote: number): boolean {
  let at = quote - 1;
  while (at > 0 && isSpace(bytes[at])) at -= 1;
  if (bytes[at] !== 58) return false;
  at -= 1;
  while (at > 0 && isSpace(bytes[at])) at -= 1;
  return bytes.toString('latin1', at - TEXT_KEY.length + 1, at + 1) === TEXT_KEY;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** What each escaped character means; 0 is none. */
const MEANS = new Uint8Array(256);
for (const [char, byte] of [
  ['"', 34],
  ['\\', 92],
  ['/', 47],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
] as const) {
  MEANS[char.charCodeAt(0)] = byte;
}

/**
 * UTF-8 of the inside of a JSON string. Undefined if it is not strict JSON in UTF-8, or has a lone surrogate: whoever parses
 * the whole will find out what is wrong.
 */
export function unescapeJson(bytes: Buffer, start: number, end: number): Uint8Array | undefined {
  const inside = bytes.subarray(start, end);
  if (!isUtf8(inside)) return undefined;
  const out = Buffer.allocUnsafe(inside.length);
  const length = inside.length;
  let put = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = inside[at] ?? 0;
    if (byte < 0x20) return undefined;
    if (byte !== BACKSLASH) {
      out[put] = byte;
      put += 1;
      continue;
    }
    at += 1;
    const means = MEANS[inside[at] ?? 0] ?? 0;
    if (means !== 0) {
      out[put] = means;
      put += 1;
      continue;
    }
    const escaped = readEscape(inside, at);
    if (escaped === undefined) return undefined;
    put += out.write(escaped, put);
    at += escaped.length === 1 ? 4 : 10;
  }
  // A body takes no more memory than it needs for as long as somebody keeps it.
  return put * 2 > length ? out.subarray(0, put) : Buffer.from(out.subarray(0, put));
}

/** The character of `uXXXX`, or of two of them that are a pair. */
function readEscape(bytes: Buffer, at: number): string | undefined {
  const first = codeUnit(bytes, at);
  if (first === undefined || (first >= 0xdc00 && first <= 0xdfff)) return undefined;
  if (first < 0xd800 || first > 0xdbff) return String.fromCharCode(first);
  const second = bytes[at + 5] === BACKSLASH ? codeUnit(bytes, at + 6) : undefined;
  return second === undefined || second < 0xdc00 || second > 0xdfff ? undefined : String.fromCharCode(first, second);
}

function codeUnit(bytes: Buffer, at: number): number | undefined {
  const text = bytes.toString('latin1', at, at + 5);
  return /^u[0-9a-fA-F]{4}$/.test(text) ? Number.parseInt(text.slice(1), 16) : undefined;
}
