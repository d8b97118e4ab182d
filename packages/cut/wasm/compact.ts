import { OUTPUT, RANGES } from './memory.gen';

/**
 * Copies `count` ranges of the chunk (start and end in the window) to OUTPUT, one after the other. `shift`: window offset minus
 * address, as in `element`. Returns the number of bytes.
 */
export function compact(count: i32, shift: i32): i32 {
  let to: usize = OUTPUT;
  for (let pair = RANGES, end = RANGES + ((<usize>count) << 3); pair < end; pair += 8) {
    let from: usize = load<i32>(pair) - shift;
    const until: usize = load<i32>(pair + 4) - shift;
    const next = to + (until - from);
    // Sixteen bytes at a time, past the end of the range: the next range overwrites the surplus.
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (from < until);
    to = next;
  }
  return <i32>(to - OUTPUT);
}
