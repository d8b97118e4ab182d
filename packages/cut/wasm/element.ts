// Reads one element of a list whose objects match known layouts: strict JSON (RFC 8259), checked in full, written to the tape.
// It declines anything else, and `scanner.ts` reads that element from its start: nothing is refused or decided here.
import { childAt } from './layout';
import {
  ANY,
  DETAIL,
  END,
  FRAMES,
  FRAME_BYTES,
  KEY_START,
  LAYOUT_KEY_BYTES,
  LAYOUT_VALUE,
  LIST,
  MAX_DEPTH,
  MAX_ROWS,
  MAX_SIGHTED,
  NEXT,
  OBJECT,
  PLAIN,
  PLAN_NULL_IF_WITHHELD,
  PLAN_OF,
  PLAN_ROOT,
  PLAN_TYPE,
  ROWS,
  ROW_BYTES,
  ROW_COUNT,
  ROW_WORDS,
  SIGHTED,
  SIGHTED_BYTES,
  SIGHTED_COUNT,
  START,
  TYPE,
  TYPE_LIST,
  TYPE_OBJECT,
  TYPE_WHOLE,
} from './memory.gen';
import { opaqueEnd } from './opaque';
import { scalarEnd, spaceEnd } from './scalar';
import { stringEnd } from './string';

/**
 * Reads the object that starts at `from`, whose plan has the layout `root`. Returns its end; 0 if it is incomplete or matches no
 * known layout. `opaque`: the layout without keys of opaque objects. `shift`: window offset minus address. `firstEntry` and
 * `firstNumber`: where its rows and sighted objects will be on the tape. `depth`: open containers around it.
 */
export function element(
  from: usize,
  root: usize,
  opaque: usize,
  shift: i32,
  firstEntry: i32,
  firstNumber: i32,
  depth: i32,
): usize {
  let at = from;
  let row: usize = ROWS;
  let count: i32 = 0;
  let objects: i32 = 0;
  // The current container: its layout if it is an object, else 0 and the plan of its elements; its row; the number of the
  // object that it is or is in.
  let level: i32 = 0;
  let layout: usize = 0;
  let items: usize = 0;
  let own: usize = 0;
  let number: i32 = -1;
  // The value that starts at `at`: the start of its key (without one, of the value) and its plan.
  let keyStart = at;
  let plan: usize = 0;
  let type: i32 = OBJECT;
  if (load<u8>(at) != 0x7b) return 0;

  while (true) {
    const byte: u32 = load<u8>(at);
    if (count >= MAX_ROWS) return 0;
    const entry = row;
    store<i32>(entry + KEY_START, <i32>keyStart + shift);
    store<i32>(entry + START, <i32>at + shift);
    row += ROW_BYTES;
    count++;
    if (byte == 0x22 && type <= PLAIN) {
      at = stringEnd(at + 1);
    } else if ((byte == 0x7b && type == OBJECT) || (byte == 0x5b && type == LIST)) {
      if (level + depth >= MAX_DEPTH) return 0;
      const frame = FRAMES + <usize>level * FRAME_BYTES;
      store<u32>(frame, <u32>layout);
      store<u32>(frame + 4, <u32>items);
      store<u32>(frame + 8, <u32>own);
      store<i32>(frame + 12, number);
      level++;
      own = entry;
      at = spaceEnd(at + 1);
      keyStart = at;
      if (byte == 0x7b) {
        if (objects >= MAX_SIGHTED) return 0;
        const sighting = SIGHTED + <usize>objects * SIGHTED_BYTES;
        store<i32>(sighting, firstEntry + (count - 1) * ROW_WORDS);
        store<i32>(sighting + 8, number);
        number = objects++;
        store<i32>(own + TYPE, TYPE_OBJECT);
        store<i32>(own + DETAIL, firstNumber + number);
        layout = plan == 0 ? root : <usize>load<u32>(plan + PLAN_ROOT);
        if (load<u8>(at) != 0x7d) {
          layout = childAt(layout, at);
          if (layout == 0) return 0;
          at = spaceEnd(at + load<u32>(layout + LAYOUT_KEY_BYTES));
          plan = load<u32>(layout + LAYOUT_VALUE);
          type = load<i32>(plan + PLAN_TYPE);
          continue;
        }
      } else {
        store<i32>(own + TYPE, TYPE_LIST);
        store<i32>(own + DETAIL, load<i32>(plan + PLAN_NULL_IF_WITHHELD));
        layout = 0;
        items = load<u32>(plan + PLAN_OF);
        if (load<u8>(at) != 0x5d) {
          plan = items;
          type = load<i32>(plan + PLAN_TYPE);
          continue;
        }
      }
    } else {
      if (byte == 0x7b || byte == 0x5b) {
        if (type > PLAIN) return 0;
        at = opaqueEnd(at, type == ANY ? opaque : 0, MAX_DEPTH - depth - level);
      } else {
        // Null is valid for every plan.
        if (type > PLAIN && byte != 0x6e) return 0;
        at = scalarEnd(at);
      }
    }
    if (entry != own) {
      if (at == 0) return 0;
      store<i32>(entry + END, <i32>at + shift);
      store<i32>(entry + NEXT, firstEntry + count * ROW_WORDS);
      store<i32>(entry + TYPE, TYPE_WHOLE);
      at = spaceEnd(at);
    }

    // Past a value, or in an empty container.
    while (true) {
      const next: u32 = load<u8>(at);
      if (next == 0x2c) {
        at = spaceEnd(at + 1);
        keyStart = at;
        if (layout != 0) {
          layout = childAt(layout, at);
          if (layout == 0) return 0;
          at = spaceEnd(at + load<u32>(layout + LAYOUT_KEY_BYTES));
          plan = load<u32>(layout + LAYOUT_VALUE);
        } else plan = items;
        type = load<i32>(plan + PLAN_TYPE);
        break;
      }
      if (next != <u32>(layout != 0 ? 0x7d : 0x5d)) return 0;
      at++;
      store<i32>(own + END, <i32>at + shift);
      store<i32>(own + NEXT, firstEntry + count * ROW_WORDS);
      if (layout != 0) store<u32>(SIGHTED + <usize>number * SIGHTED_BYTES + 4, <u32>layout);
      level--;
      if (level == 0) {
        store<i32>(ROW_COUNT, count);
        store<i32>(SIGHTED_COUNT, objects);
        return at;
      }
      const frame = FRAMES + <usize>level * FRAME_BYTES;
      layout = load<u32>(frame);
      items = load<u32>(frame + 4);
      own = load<u32>(frame + 8);
      number = load<i32>(frame + 12);
      at = spaceEnd(at);
    }
  }
}
