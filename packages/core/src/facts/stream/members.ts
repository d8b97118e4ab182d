import { childAt } from './layout.ts';
import { scalarEnd } from './scalar-end.ts';
import { stringEnd } from './string-end.ts';
import { type Layout, PLAIN } from './tables.ts';
import { AT, END, IS, IS_WHOLE, NEXT, ROW, type Tape } from './tape.ts';

/** Where the pass stands within the members of a tracked object: at the opening quote of a key, until it says otherwise. */
export interface MemberCursor {
  at: number;
  layout: Layout;
  /** Behind a member comes the end of the object. */
  isAtEnd: boolean;
  /** Behind a member and its comma. */
  isBehindComma: boolean;
}

const TRUE = 0x65757274;
const ALSE = 0x65736c61;
const NULL = 0x6c6c756e;

/**
 * Reads members that are as the layouts foresee them and hold scalars, one after the other, and writes them to the tape. The
 * first that is not is left, whole, to the pass: here nothing is refused, and nothing is decided. This is where the time goes.
 */
// oxlint-disable-next-line max-params
export function readMembers(
  cursor: MemberCursor,
  bytes: Uint8Array,
  view: DataView,
  base: number,
  limit: number,
  tape: Tape,
): void {
  let { at, layout } = cursor;
  let { rows, size } = tape;
  // Every word that is looked at stands before the limit, without asking each time.
  const safe = limit - 8;
  while (at < safe) {
    let next = layout.likely;
    if (next === undefined || next.byteLength === 0) break;
    let end = at + next.byteLength;
    if (end >= safe) break;
    const { words } = next;
    const last = end - 4;
    let place = at;
    let word = 0;
    while (place < last && view.getInt32(place, true) === words[word]) {
      place += 4;
      word++;
    }
    if (place < last || view.getInt32(last, true) !== words[word]) {
      next = childAt(layout, view, at, limit);
      if (next === undefined) break;
      end = at + next.byteLength;
      if (end >= safe) break;
    }
    if (next.value.kind > PLAIN) break;
    let byte = bytes[end] as number;
    if (byte === 0x20) byte = bytes[++end] as number;
    const valueAt = end;
    if (byte === 0x22) {
      end++;
      let odd = 0;
      while (end < safe) {
        const four = view.getInt32(end, true);
        odd =
          (four | (four - 0x20202020) | ((four ^ 0x22222222) - 0x01010101) | ((four ^ 0x5c5c5c5c) - 0x01010101)) &
          0x80808080;
        if (odd !== 0) break;
        end += 4;
      }
      if (odd === 0) break;
      end += (31 - Math.clz32(odd & -odd)) >> 3;
      end = bytes[end] === 0x22 ? end + 1 : stringEnd(bytes, view, end, limit);
    } else if (byte >= 0x31 && byte <= 0x39) {
      do byte = ++end < limit ? (bytes[end] as number) : 0x2e;
      while (byte >= 0x30 && byte <= 0x39);
      if (byte === 0x2e || byte === 0x65 || byte === 0x45) end = scalarEnd(bytes, valueAt, limit);
    } else if (byte === 0x74) {
      if (view.getInt32(end, true) !== TRUE) break;
      end += 4;
    } else if (byte === 0x66) {
      if (view.getInt32(end + 1, true) !== ALSE) break;
      end += 5;
    } else if (byte === 0x6e) {
      if (view.getInt32(end, true) !== NULL) break;
      end += 4;
    } else if (byte === 0x30 || byte === 0x2d) end = scalarEnd(bytes, valueAt, limit);
    else break;
    if (end < 0 || end >= limit) break;
    const valueEnd = end;
    byte = bytes[end] as number;
    if (byte <= 0x20) {
      end = spaceEnd(bytes, view, end, limit);
      if (end >= limit) break;
      byte = bytes[end] as number;
    }
    if (byte !== 0x2c && byte !== 0x7d) break;
    if (size + ROW > rows.length) {
      tape.size = size;
      tape.grow();
      ({ rows } = tape);
    }
    rows[size] = base + at;
    rows[size + AT] = base + valueAt;
    rows[size + END] = base + valueEnd;
    rows[size + NEXT] = size + ROW;
    rows[size + IS] = IS_WHOLE;
    size += ROW;
    layout = next;
    at = end;
    if (byte === 0x7d) {
      cursor.isAtEnd = true;
      break;
    }
    at++;
    if (at < limit && (bytes[at] as number) <= 0x20) at = spaceEnd(bytes, view, at, limit);
    cursor.isBehindComma = true;
    if (at >= limit || bytes[at] !== 0x22) break;
  }
  tape.size = size;
  cursor.at = at;
  cursor.layout = layout;
}

/** Behind white space, indents four bytes at a time. */
export function spaceEnd(bytes: Uint8Array, view: DataView, from: number, limit: number): number {
  let at = from;
  for (;;) {
    const byte = at < limit ? (bytes[at] as number) : 0;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at++;
    while (at + 4 <= limit && view.getInt32(at, true) === 0x20202020) at += 4;
  }
}
