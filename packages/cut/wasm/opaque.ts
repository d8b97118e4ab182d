import { childAt } from './layout';
import { LAYOUT_KEY_BYTES, MAX_DEPTH, OPAQUE } from './memory.gen';
import { scalarEnd, spaceEnd } from './scalar';
import { stringEnd } from './string';

/**
 * The end of an opaque value (a list or object that only has to be valid), nested at most `depth` levels; 0 if it is
 * incomplete, invalid, or contains an object that matches no known layout (one with a duplicate key never does). `root`: the
 * layout without keys, or 0 where objects are not allowed.
 */
export function opaqueEnd(from: usize, root: usize, depth: i32): usize {
  let at = from;
  let level: i32 = 0;
  // Of the current container: 0 for a list.
  let layout: usize = 0;
  while (true) {
    // At the start of a value.
    const byte: u32 = load<u8>(at);
    if (byte == 0x7b || byte == 0x5b) {
      if (level >= depth || level >= MAX_DEPTH || (byte == 0x7b && root == 0)) return 0;
      store<u32>(OPAQUE + ((<usize>level) << 2), <u32>layout);
      level++;
      layout = byte == 0x7b ? root : 0;
      at = spaceEnd(at + 1);
      const first: u32 = load<u8>(at);
      if (first != byte + 2) {
        if (layout != 0) {
          layout = childAt(layout, at);
          if (layout == 0) return 0;
          at = spaceEnd(at + load<u32>(layout + LAYOUT_KEY_BYTES));
        }
        continue;
      }
      at++;
      level--;
      layout = load<u32>(OPAQUE + ((<usize>level) << 2));
    } else {
      at = byte == 0x22 ? stringEnd(at + 1) : scalarEnd(at);
      if (at == 0) return 0;
    }
    // Past a value.
    while (true) {
      if (level == 0) return at;
      at = spaceEnd(at);
      const next: u32 = load<u8>(at);
      if (next == 0x2c) {
        at = spaceEnd(at + 1);
        if (layout != 0) {
          layout = childAt(layout, at);
          if (layout == 0) return 0;
          at = spaceEnd(at + load<u32>(layout + LAYOUT_KEY_BYTES));
        }
        break;
      }
      if (next != <u32>(layout != 0 ? 0x7d : 0x5d)) return 0;
      at++;
      level--;
      layout = load<u32>(OPAQUE + ((<usize>level) << 2));
    }
  }
}
