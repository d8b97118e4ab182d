import { BROKEN } from './string-end.ts';
import { FALSE, NULL, NUMBER, TRUE } from './token.ts';

/** What a scalar is that starts with `byte` and is no string. */
export function scalarType(byte: number): number {
  return byte === 0x74 ? TRUE : byte === 0x66 ? FALSE : byte === 0x6e ? NULL : NUMBER;
}

/** Where a number or word ends that starts at `from`; `BROKEN`, or -2 if the bytes may run out within it. */
export function scalarEnd(bytes: Uint8Array, from: number, limit: number): number {
  const first = bytes[from] as number;
  if (first >= 0x61) return wordEnd(bytes, from, limit);
  let at = from;
  if (first === 0x2d && ++at >= limit) return -2;
  let byte = bytes[at] as number;
  if (byte === 0x30) at++;
  else if (byte < 0x31 || byte > 0x39) return BROKEN;
  else {
    do {
      if (++at >= limit) return -2;
      byte = bytes[at] as number;
    } while (byte >= 0x30 && byte <= 0x39);
  }
  if (at >= limit) return -2;
  byte = bytes[at] as number;
  if (byte === 0x2e) {
    at = digitsEnd(bytes, at + 1, limit);
    if (at < 0) return at;
    byte = bytes[at] as number;
  }
  if (byte === 0x65 || byte === 0x45) {
    if (++at >= limit) return -2;
    byte = bytes[at] as number;
    if (byte === 0x2b || byte === 0x2d) at++;
    at = digitsEnd(bytes, at, limit);
  }
  return at;
}

/** One digit or more; -2 if the bytes run out, since more may follow. */
function digitsEnd(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) return at === from ? BROKEN : at;
    at++;
  }
  return -2;
}

function wordEnd(bytes: Uint8Array, from: number, limit: number): number {
  switch (bytes[from]) {
    case 0x74:
      if (from + 4 > limit) return -2;
      return bytes[from + 1] === 0x72 && bytes[from + 2] === 0x75 && bytes[from + 3] === 0x65 ? from + 4 : BROKEN;
    case 0x66:
      if (from + 5 > limit) return -2;
      return bytes[from + 1] === 0x61 &&
        bytes[from + 2] === 0x6c &&
        bytes[from + 3] === 0x73 &&
        bytes[from + 4] === 0x65
        ? from + 5
        : BROKEN;
    case 0x6e:
      if (from + 4 > limit) return -2;
      return bytes[from + 1] === 0x75 && bytes[from + 2] === 0x6c && bytes[from + 3] === 0x6c ? from + 4 : BROKEN;
    default:
      return BROKEN;
  }
}
