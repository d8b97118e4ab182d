import { INCOMPLETE, MALFORMED } from './string-end.ts';
import { FALSE, NULL, NUMBER, TRUE } from './token.ts';

/** The type of a scalar, not a string, that starts with `byte`. */
export function scalarType(byte: number): number {
  return byte === 0x74 ? TRUE : byte === 0x66 ? FALSE : byte === 0x6e ? NULL : NUMBER;
}

/** The end of a number, `true`, `false` or `null` that starts at `from`; or `MALFORMED` or `INCOMPLETE`. */
export function scalarEnd(bytes: Uint8Array, from: number, limit: number): number {
  const first = bytes[from] as number;
  if (first >= 0x61) return wordEnd(bytes, from, limit);
  let at = from;
  if (first === 0x2d && ++at >= limit) return INCOMPLETE;
  let byte = bytes[at] as number;
  if (byte === 0x30) at++;
  else if (byte < 0x31 || byte > 0x39) return MALFORMED;
  else {
    do {
      if (++at >= limit) return INCOMPLETE;
      byte = bytes[at] as number;
    } while (byte >= 0x30 && byte <= 0x39);
  }
  if (at >= limit) return INCOMPLETE;
  byte = bytes[at] as number;
  if (byte === 0x2e) {
    at = digitsEnd(bytes, at + 1, limit);
    if (at < 0) return at;
    byte = bytes[at] as number;
  }
  if (byte === 0x65 || byte === 0x45) {
    if (++at >= limit) return INCOMPLETE;
    byte = bytes[at] as number;
    if (byte === 0x2b || byte === 0x2d) at++;
    at = digitsEnd(bytes, at, limit);
  }
  return at;
}

/** The end of one or more digits; `INCOMPLETE` at the end of the bytes, since more may follow. */
function digitsEnd(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return at === from ? MALFORMED : at;
    at++;
  }
  return INCOMPLETE;
}

function wordEnd(bytes: Uint8Array, from: number, limit: number): number {
  switch (bytes[from]) {
    case 0x74:
      if (from + 4 > limit) return INCOMPLETE;
      return bytes[from + 1] === 0x72 && bytes[from + 2] === 0x75 && bytes[from + 3] === 0x65 ? from + 4 : MALFORMED;
    case 0x66:
      if (from + 5 > limit) return INCOMPLETE;
      return bytes[from + 1] === 0x61 &&
        bytes[from + 2] === 0x6c &&
        bytes[from + 3] === 0x73 &&
        bytes[from + 4] === 0x65
        ? from + 5
        : MALFORMED;
    case 0x6e:
      if (from + 4 > limit) return INCOMPLETE;
      return bytes[from + 1] === 0x75 && bytes[from + 2] === 0x6c && bytes[from + 3] === 0x6c ? from + 4 : MALFORMED;
    default:
      return MALFORMED;
  }
}
