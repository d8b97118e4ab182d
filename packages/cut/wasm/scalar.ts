/** The end of a number, `true`, `false` or `null`; 0 for anything else. The caller checks what follows. */
// @ts-ignore: decorator
@inline
export function scalarEnd(from: usize): usize {
  const first: u32 = load<u8>(from);
  switch (first) {
    case 0x74:
      return load<u32>(from) == 0x65757274 ? from + 4 : 0;
    case 0x66:
      return load<u32>(from + 1) == 0x65736c61 ? from + 5 : 0;
    case 0x6e:
      return load<u32>(from) == 0x6c6c756e ? from + 4 : 0;
    default:
      return numberEnd(from);
  }
}

/** RFC 8259, section 6. */
function numberEnd(from: usize): usize {
  let at = from;
  let byte: u32 = load<u8>(at);
  if (byte == 0x2d) byte = load<u8>(++at);
  if (byte == 0x30) byte = load<u8>(++at);
  else {
    if (byte - 0x31 > 8) return 0;
    do byte = load<u8>(++at);
    while (byte - 0x30 < 10);
  }
  if (byte == 0x2e) {
    byte = load<u8>(++at);
    if (byte - 0x30 > 9) return 0;
    do byte = load<u8>(++at);
    while (byte - 0x30 < 10);
  }
  if ((byte | 0x20) == 0x65) {
    byte = load<u8>(++at);
    if (byte == 0x2b || byte == 0x2d) byte = load<u8>(++at);
    if (byte - 0x30 > 9) return 0;
    do byte = load<u8>(++at);
    while (byte - 0x30 < 10);
  }
  return at;
}

/** The end of white space. */
// @ts-ignore: decorator
@inline
export function spaceEnd(from: usize): usize {
  let at = from;
  let byte: u32 = load<u8>(at);
  if (byte > 0x20) return at;
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) {
    at++;
    // Indentation, sixteen spaces at a time.
    while (true) {
      const other = i8x16.bitmask(i8x16.ne(v128.load(at), i8x16.splat(0x20)));
      if (other != 0) {
        at += ctz(other);
        break;
      }
      at += 16;
    }
    byte = load<u8>(at);
  }
  return at;
}
