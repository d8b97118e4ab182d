import { INCOMPLETE, MALFORMED, stringEnd } from './string-end.ts';

/** Types of scalars. */
export const STRING = 1;
export const NUMBER = 2;
export const TRUE = 3;
export const FALSE = 4;
export const NULL = 5;

const NO_BYTES = new Uint8Array(0);
const WORDS: readonly string[] = ['', '', '', 'true', 'false', 'null'];

/** States of a number: the part read last. */
const MINUS = 0;
const ZERO = 1;
const INTEGER = 2;
const POINT = 3;
const FRACTION = 4;
const EXPONENT = 5;
const SIGN = 6;
const POWER = 7;

/**
 * A scalar or key that is split between chunks: resumes where the last chunk ended. Time is linear in the token's bytes. Of a split
 * character or escape it keeps the bytes that came so far.
 */
export class Token {
  type = 0;
  /** Of a number its state; of a word how many bytes matched; of a string 1 once its opening quote was read. */
  #state = 0;
  /** Of a string the bytes of a split character or escape; of a number its minus sign, if there is one. */
  #tail: Uint8Array = NO_BYTES;

  /** Starts a token with its first byte. False if no scalar or key starts with it. */
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
   * Reads the token from the index `from`, in the first call that of its first byte. Returns its end, `MALFORMED`, or `INCOMPLETE` if
   * it does not end before `limit`.
   */
  read(bytes: Uint8Array, from: number, limit: number): number {
    if (from >= limit) return INCOMPLETE;
    if (this.type === STRING) return this.#readString(bytes, from, limit);
    if (this.type === NUMBER) return this.#readNumber(bytes, from, limit);
    return this.#readWord(bytes, from, limit);
  }

  /** Whether the token is complete if no byte follows. */
  get mayEnd(): boolean {
    return this.type === NUMBER && isComplete(this.#state);
  }

  #readWord(bytes: Uint8Array, from: number, limit: number): number {
    const word = WORDS[this.type] ?? '';
    let at = from;
    for (; at < limit && this.#state < word.length; at++, this.#state++) {
      if (bytes[at] !== word.charCodeAt(this.#state)) return MALFORMED;
    }
    return this.#state === word.length ? at : INCOMPLETE;
  }

  #readNumber(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    if (this.#state === 0 && bytes[at] === 0x2d && this.#tail.length === 0) {
      this.#tail = Uint8Array.of(0x2d);
      at++;
    }
    for (; at < limit; at++) {
      const next = step(this.#state, bytes[at] as number);
      if (next < 0) return isComplete(this.#state) ? at : MALFORMED;
      this.#state = next;
    }
    return INCOMPLETE;
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
    if (end === MALFORMED) return MALFORMED;
    if (end >= 0) return at + end - held;
    const reached = INCOMPLETE - end;
    if (reached < held) {
      this.#tail = joined;
      return INCOMPLETE;
    }
    this.#tail = NO_BYTES;
    return this.#within(bytes, at + reached - held, limit);
  }

  #within(bytes: Uint8Array, from: number, limit: number): number {
    const end = stringEnd(bytes, viewOf(bytes), from, limit);
    if (end >= MALFORMED) return end;
    this.#tail = new Uint8Array(bytes.subarray(INCOMPLETE - end, limit));
    return INCOMPLETE;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isComplete(state: number): boolean {
  return state === ZERO || state === INTEGER || state === FRACTION || state === POWER;
}

/** The state after one more byte of a number (RFC 8259, section 6); -1 if the byte is not part of it. */
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
