/** The end of a string, past its closing quote; `from` is past the opening one. 0 if it is invalid or incomplete. */
// @ts-ignore: decorator
@inline
export function stringEnd(from: usize): usize {
  // Most strings are short and plain.
  const odd = oddAt(from);
  if (odd == 0) return longStringEnd(from + 16);
  const at = from + ctz(odd);
  return load<u8>(at) == 0x22 ? at + 1 : longStringEnd(at);
}

/** A bit for each of sixteen bytes that is a quote, a backslash, a control character, or not ASCII (negative when signed). */
// @ts-ignore: decorator
@inline
function oddAt(at: usize): i32 {
  const bytes = v128.load(at);
  return i8x16.bitmask(
    v128.or(
      i8x16.lt_s(bytes, i8x16.splat(0x20)),
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
    ),
  );
}

function longStringEnd(from: usize): usize {
  let at = from;
  while (true) {
    const odd = oddAt(at);
    if (odd == 0) {
      at += 16;
      continue;
    }
    at += ctz(odd);
    let byte: u32 = load<u8>(at);
    if (byte == 0x22) return at + 1;
    if (byte == 0x5c) {
      at = escapeEnd(at);
      if (at == 0) return 0;
      continue;
    }
    if (byte < 0x80) return 0;
    do {
      if (areThreeBytesEach(at)) at += 15;
      else {
        at = characterEnd(at, byte);
        if (at == 0) return 0;
      }
      byte = load<u8>(at);
    } while (byte >= 0x80);
    if (byte == 0x22) return at + 1;
  }
}

// @ts-ignore: decorator
@inline
function escapeEnd(at: usize): usize {
  switch (load<u8>(at + 1)) {
    case 0x22:
    case 0x2f:
    case 0x5c:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 2;
    case 0x75:
      return isHex(at + 2) && isHex(at + 3) && isHex(at + 4) && isHex(at + 5) ? at + 6 : 0;
    default:
      return 0;
  }
}

// @ts-ignore: decorator
@inline
function isHex(at: usize): bool {
  const byte: u32 = load<u8>(at);
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 6;
}

/** Whether five characters of three bytes each follow, none with a lead byte that restricts the second byte (E0, ED). */
// @ts-ignore: decorator
@inline
function areThreeBytesEach(at: usize): bool {
  const bytes = v128.load(at);
  const leads = i8x16.bitmask(i8x16.eq(v128.and(bytes, i8x16.splat(-16)), i8x16.splat(-32)));
  const others = i8x16.bitmask(i8x16.eq(v128.and(bytes, i8x16.splat(-64)), i8x16.splat(-128)));
  const special = i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(-32)), i8x16.eq(bytes, i8x16.splat(-19))));
  return (leads & 0x7fff) == 0x1249 && (others & 0x7fff) == 0x6db6 && (special & 0x7fff) == 0;
}

/** The end of one non-ASCII character (RFC 3629: no overlong forms, surrogates, or code points above U+10FFFF); 0 if invalid. */
// @ts-ignore: decorator
@inline
function characterEnd(at: usize, lead: u32): usize {
  const four = load<u32>(at);
  if (lead < 0xe0) return lead >= 0xc2 && (four & 0xc000) == 0x8000 ? at + 2 : 0;
  if (lead < 0xf0) {
    if ((four & 0xc0c000) != 0x808000) return 0;
    const second = (four >> 8) & 0xff;
    if (lead == 0xe0 && second < 0xa0) return 0;
    if (lead == 0xed && second > 0x9f) return 0;
    return at + 3;
  }
  if (lead > 0xf4 || (four & 0xc0c0c000) != 0x80808000) return 0;
  const second = (four >> 8) & 0xff;
  if (lead == 0xf0 && second < 0x90) return 0;
  if (lead == 0xf4 && second > 0x8f) return 0;
  return at + 4;
}
