/** The bytes are no valid token. */
export const MALFORMED = -1;
/** The bytes end within the token, or a number may go on. */
export const INCOMPLETE = -2;

/**
 * The end of a string, past its closing quote; `from` is past the opening one. `MALFORMED` for control characters, invalid
 * escapes and bytes that are not UTF-8 (RFC 3629: no overlong forms, no surrogates). If the bytes end first, `INCOMPLETE` minus
 * the index to resume from: the end of the last complete character.
 */
// oxlint-disable-next-line max-params -- an object here would be one more for each string of a body
export function stringEnd(bytes: Uint8Array, view: DataView, from: number, limit: number): number {
  let at = from;
  for (;;) {
    const short = at + 12 < limit ? at + 12 : limit;
    let byte = 0;
    while (at < short) {
      byte = bytes[at] as number;
      if (byte < 0x23 ? byte !== 0x20 && byte !== 0x21 : byte === 0x5c || byte >= 0x80) break;
      at++;
    }
    if (at === short) {
      if (at === limit) return INCOMPLETE - at;
      at = skipPlainWords(view, at, limit);
      continue;
    }
    if (byte === 0x22) return at + 1;
    if (byte >= 0x80) {
      at = skipMultibyte(bytes, view, at, limit);
    } else if (byte === 0x5c) at = skipEscapes(bytes, at, limit);
    else return MALFORMED;
    if (at < 0) return at;
  }
}

/** Long strings: skips eight bytes at a time while none is a quote, a backslash, a control character or not ASCII. */
function skipPlainWords(view: DataView, from: number, limit: number): number {
  let at = from;
  while (at + 8 <= limit) {
    const one = view.getInt32(at, true);
    const two = view.getInt32(at + 4, true);
    const odd =
      one |
      (one - 0x20202020) |
      ((one ^ 0x22222222) - 0x01010101) |
      ((one ^ 0x5c5c5c5c) - 0x01010101) |
      (two | (two - 0x20202020) | ((two ^ 0x22222222) - 0x01010101) | ((two ^ 0x5c5c5c5c) - 0x01010101));
    if ((odd & 0x80808080) !== 0) break;
    at += 8;
  }
  return at;
}

function skipEscapes(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  do {
    if (at + 1 >= limit) return INCOMPLETE - at;
    const kind = ESCAPES[bytes[at + 1] as number] as number;
    if (kind === 1) at += 2;
    else if (kind === 2) {
      for (let digit = 2; digit < 6; digit++) {
        if (at + digit >= limit) return INCOMPLETE - at;
        if (HEX[bytes[at + digit] as number] === 0) return MALFORMED;
      }
      at += 6;
    } else return MALFORMED;
  } while (at < limit && bytes[at] === 0x5c);
  return at;
}

/** Skips consecutive characters of two to four bytes. */
// oxlint-disable-next-line max-params -- as above
function skipMultibyte(bytes: Uint8Array, view: DataView, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const lead = bytes[at] as number;
    if (lead >= 0xe1 && lead <= 0xef && lead !== 0xed) {
      if (at + 4 <= limit) {
        if ((view.getInt32(at, true) & 0xc0c000) !== 0x808000) return MALFORMED;
        at += 3;
        continue;
      }
    } else if (lead < 0x80) return at;
    const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0) return MALFORMED;
    for (let step = 1; step < length; step++) {
      if (at + step >= limit) return INCOMPLETE - at;
      const byte = bytes[at + step] as number;
      if (step === 1 ? !isSecondByte(lead, byte) : (byte & 0xc0) !== 0x80) return MALFORMED;
    }
    at += length;
  }
  return at;
}

/** Whether a second byte is valid: no overlong forms, surrogates or code points above U+10FFFF (RFC 3629, section 4). */
export function isSecondByte(lead: number, byte: number): boolean {
  switch (lead) {
    case 0xe0:
      return byte >= 0xa0 && byte <= 0xbf;
    case 0xed:
      return byte >= 0x80 && byte <= 0x9f;
    case 0xf0:
      return byte >= 0x90 && byte <= 0xbf;
    case 0xf4:
      return byte >= 0x80 && byte <= 0x8f;
    default:
      return (byte & 0xc0) === 0x80;
  }
}

/** By the byte after a backslash: 1, the escape is complete; 2, four hexadecimal digits follow. */
const ESCAPES = new Uint8Array(256);
for (const char of '"\\/bfnrt') ESCAPES[char.charCodeAt(0)] = 1;
ESCAPES[0x75] = 2;
const HEX = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1;
