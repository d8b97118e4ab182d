import {
  LAYOUT_FIRST,
  LAYOUT_KEY,
  LAYOUT_KEY_BYTES,
  LAYOUT_LIKELY,
  LAYOUT_SIBLING,
  MAX_PROBED_CHILDREN,
} from './memory.gen';

/** The child of a layout whose key and colon are at `at`; 0 if none of the first MAX_PROBED_CHILDREN matches. */
// @ts-ignore: decorator
@inline
export function childAt(layout: usize, at: usize): usize {
  const likely: usize = load<u32>(layout + LAYOUT_LIKELY);
  if (likely != 0 && isKeyAt(likely, at)) return likely;
  return otherAt(layout, at);
}

function otherAt(layout: usize, at: usize): usize {
  let child: usize = load<u32>(layout + LAYOUT_FIRST);
  for (let tried = 0; child != 0 && tried < MAX_PROBED_CHILDREN; tried++) {
    if (isKeyAt(child, at)) {
      store<u32>(layout + LAYOUT_LIKELY, <u32>child);
      return child;
    }
    child = load<u32>(child + LAYOUT_SIBLING);
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function isKeyAt(layout: usize, at: usize): bool {
  let rest: u32 = load<u32>(layout + LAYOUT_KEY_BYTES);
  let key = layout + LAYOUT_KEY;
  let place = at;
  while (rest > 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(place), v128.load(key)))) return false;
    rest -= 16;
    key += 16;
    place += 16;
  }
  const same: u32 = i8x16.bitmask(i8x16.eq(v128.load(place), v128.load(key)));
  return ((same | (0xffff << rest)) & 0xffff) == 0xffff;
}
