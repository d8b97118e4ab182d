import { BROKEN, stringEnd } from './string-end.ts';

/** What a scalar is. */
export const STRING = 1;
export const NUMBER = 2;
export const TRUE = 3;
export const FALSE = 4;
export const NULL = 5;

const NO_BYTES = new Uint8Array(0);
const WORDS: readonly string[] = ['', '', '', 'true', 'false', 'null'];

/** States of a number, and whether it may end there. */
const MINUS = 0;
const ZERO = 1;
const INTEGER = 2;
const POINT = 3;
const FRACTION = 4;
const EXPONENT = 5;
const SIGN = 6;
const POWER = 7;

/**
 * A scalar or key that the bytes ran out in: reads on, wherever it was broken off, in time linear in all of its bytes. The
 * rest of a character or an escape that was broken is kept back until all of it is here.
 */
export class Token {
  type = 0;
  /** Behind the last byte that was understood: `back` bytes before the first new one. */
  #state = 0;
  #tail: Uint8Array = NO_BYTES;

  /** Starts at the first byte of a value or key. False if no scalar starts like this. */
  start(first: number): boolean {
    this.#tail = NO_BYTES;
    this.#state = 0;
    if (first === 0x22) this.type = STRING;
    else if (first === 0x2d || (first >= 0x30 && first <= 0x39)) this.type = NUMBER;
    else if (first === 0x74) this.type = TRUE;
    else if (first === 0x66) this.type = FALSE;
    else if (first === 0x6e) this.type = NULL;
    else return false;
    return true;
  }

  /**
   * Reads on from `from`: the place behind the token, `BROKEN`, or -2 if it goes on beyond `limit`. The first call starts at
   * the token's first byte.
   */
  read(bytes: Uint8Array, from: number, limit: number): number {
    if (from >= limit) return -2;
    if (this.type === STRING) return this.#readString(bytes, from, limit);
    if (this.type === NUMBER) return this.#readNumber(bytes, from, limit);
    return this.#readWord(bytes, from, limit);
  }

  /** Whether the token is whole if nothing follows. */
  get mayEnd(): boolean {
    return this.type === NUMBER && isWhole(this.#state);
  }

  #readWord(bytes: Uint8Array, from: number, limit: number): number {
    const word = WORDS[this.type] ?? '';
    let at = from;
    for (; at < limit && this.#state < word.length; at++, this.#state++) {
      if (bytes[at] !== word.charCodeAt(this.#state)) return BROKEN;
    }
    return this.#state === word.length ? at : -2;
  }

  #readNumber(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    if (this.#state === 0 && bytes[at] === 0x2d && this.#tail.length === 0) {
      this.#tail = Uint8Array.of(0x2d);
      at++;
    }
    for (; at < limit; at++) {
      const next = step(this.#state, bytes[at] as number);
      if (next < 0) return isWhole(this.#state) ? at : BROKEN;
      this.#state = next;
    }
    return -2;
  }

  #readString(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    if (this.#state === 0) {
      this.#state = 1;
      at++;
    }
    const held = this.#tail.length;
    if (held === 0) return this.#within(bytes, at, limit);
    const joined = new Uint8Array(held + Math.min(limit - at, 8));
    joined.set(this.#tail);
    joined.set(bytes.subarray(at, at + joined.length - held), held);
    const end = stringEnd(joined, viewOf(joined), 0, joined.length);
    if (end === BROKEN) return BROKEN;
    if (end >= 0) return at + end - held;
    const reached = -2 - end;
    if (reached < held) {
      this.#tail = joined;
      return -2;
    }
    this.#tail = NO_BYTES;
    return this.#within(bytes, at + reached - held, limit);
  }

  #within(bytes: Uint8Array, from: number, limit: number): number {
    const end = stringEnd(bytes, viewOf(bytes), from, limit);
    if (end >= BROKEN) return end;
    this.#tail = new Uint8Array(bytes.subarray(-2 - end, limit));
    return -2;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isWhole(state: number): boolean {
  return state === ZERO || state === INTEGER || state === FRACTION || state === POWER;
}

/** The state after one more byte of a number (RFC 8259, section 6); -1 if it does not belong to it. */
function step(state: number, byte: number): number {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  switch (state) {
    case MINUS:
      return byte === 0x30 ? ZERO : isDigit ? INTEGER : -1;
    case ZERO:
    case INTEGER:
      if (isDigit && state === INTEGER) return INTEGER;
      return byte === 0x2e ? POINT : (byte | 0x20) === 0x65 ? EXPONENT : -1;
    case POINT:
      return isDigit ? FRACTION : -1;
    case FRACTION:
      return isDigit ? FRACTION : (byte | 0x20) === 0x65 ? EXPONENT : -1;
    case EXPONENT:
      return isDigit ? POWER : byte === 0x2b || byte === 0x2d ? SIGN : -1;
    default:
      return isDigit ? POWER : -1;
  }
}
