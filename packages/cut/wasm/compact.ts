import { OUTPUT, RANGES } from './memory.gen';

/** Copies ranges of the chunk, pairs of places in the window, one behind the other; `shift` as in `element`. How many bytes. */
export function compact(count: i32, shift: i32): i32 {
  let to: usize = OUTPUT;
  for (let pair = RANGES, end = RANGES + ((<usize>count) << 3); pair < end; pair += 8) {
    let from: usize = load<i32>(pair) - shift;
    const until: usize = load<i32>(pair + 4) - shift;
    const behind = to + (until - from);
    // Sixteen at a time, beyond the end: the next range overwrites what is too much.
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (from < until);
    to = behind;
  }
  return <i32>(to - OUTPUT);
}
