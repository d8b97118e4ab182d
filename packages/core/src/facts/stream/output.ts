import type { Window } from './window.ts';

/** Ranges shorter than this, on average, are copied together: a chunk of their own would cost more. */
const WORTH_A_CHUNK_BYTES = 1_024;

/** What leaves, as ranges of the window and literals of the contract, in order. Neighbouring ranges become one. */
export class Output {
  /** Pairs of places; a literal is its number, negative, and -1. */
  #ranges = new Int32Array(128);
  #size = 0;
  #literals: Uint8Array[] = [];
  /** `monitor`: nothing is put together, the bytes have left already. */
  readonly #isIdle: boolean;

  constructor(isIdle: boolean) {
    this.#isIdle = isIdle;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** To return to, with `tail`: what was put since is taken back. */
  get mark(): number {
    return this.#size;
  }

  get tail(): number {
    return this.#size === 0 ? 0 : (this.#ranges[this.#size - 1] as number);
  }

  back(mark: number, tail: number): void {
    this.#size = mark;
    if (mark > 0) this.#ranges[mark - 1] = tail;
  }

  range(from: number, to: number): void {
    if (from >= to || this.#isIdle) return;
    if (this.#size > 0 && this.#ranges[this.#size - 1] === from) {
      this.#ranges[this.#size - 1] = to;
      return;
    }
    this.#push(from, to);
  }

  literal(bytes: Uint8Array): void {
    if (this.#isIdle) return;
    let number = this.#literals.indexOf(bytes);
    if (number < 0) number = this.#literals.push(bytes) - 1;
    this.#push(-1 - number, -1);
  }

  #push(from: number, to: number): void {
    if (this.#size + 2 > this.#ranges.length) {
      const grown = new Int32Array(this.#ranges.length * 2);
      grown.set(this.#ranges);
      this.#ranges = grown;
    }
    this.#ranges[this.#size++] = from;
    this.#ranges[this.#size++] = to;
  }

  /** Takes what has been put. Long ranges are the bytes as they came, without a copy. */
  take(window: Window): Uint8Array[] {
    const size = this.#size;
    let bytes = 0;
    for (let at = 0; at < size; at += 2) bytes += this.#length(at);
    this.#size = 0;
    if (bytes === 0) return [];
    return bytes / (size / 2) >= WORTH_A_CHUNK_BYTES || size === 2
      ? this.#pieces(window, size)
      : [this.#join(window, size, bytes)];
  }

  #length(at: number): number {
    const from = this.#ranges[at] as number;
    return from < 0 ? (this.#literals[-1 - from] as Uint8Array).length : (this.#ranges[at + 1] as number) - from;
  }

  #pieces(window: Window, size: number): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < size; at += 2) {
      const from = this.#ranges[at] as number;
      if (from < 0) chunks.push(this.#literals[-1 - from] as Uint8Array);
      else chunks.push(...window.pieces(from, this.#ranges[at + 1] as number));
    }
    return chunks;
  }

  #join(window: Window, size: number, length: number): Uint8Array {
    const from = this.#ranges[0] as number;
    if (from >= window.base && this.#isAscending(size)) return this.#compact(window, from, size, length);
    const joined = new Uint8Array(length);
    let to = 0;
    for (let at = 0; at < size; at += 2) {
      const start = this.#ranges[at] as number;
      to =
        start < 0
          ? copy(this.#literals[-1 - start] as Uint8Array, 0, this.#length(at), joined, to)
          : this.#copyRange(window, start, this.#ranges[at + 1] as number, joined, to);
    }
    return joined;
  }

  /** No literals, nothing twice: what stays only moves forward. */
  #isAscending(size: number): boolean {
    let last = 0;
    for (let at = 0; at < size; at++) {
      const place = this.#ranges[at] as number;
      if (place < last) return false;
      last = place;
    }
    return true;
  }

  /** One copy of all that lies between, and what stays of it moved together. */
  // oxlint-disable-next-line max-params
  #compact(window: Window, from: number, size: number, length: number): Uint8Array {
    const until = (this.#ranges[size - 1] as number) - window.base;
    // Not `slice`: a Buffer's would share its memory.
    const all = new Uint8Array(window.bytes.subarray(from - window.base, until));
    let to = (this.#ranges[1] as number) - from;
    for (let at = 2; at < size; at += 2) {
      const start = (this.#ranges[at] as number) - from;
      const end = (this.#ranges[at + 1] as number) - from;
      all.copyWithin(to, start, end);
      to += end - start;
    }
    return all.subarray(0, length);
  }

  // oxlint-disable-next-line max-params
  #copyRange(window: Window, from: number, until: number, joined: Uint8Array, to: number): number {
    if (from >= window.base) return copy(window.bytes, from - window.base, until - window.base, joined, to);
    let at = to;
    for (const piece of window.pieces(from, until)) at = copy(piece, 0, piece.length, joined, at);
    return at;
  }
}

/** Copies a few bytes by hand, many by the engine. */
// oxlint-disable-next-line max-params
function copy(source: Uint8Array, from: number, until: number, target: Uint8Array, to: number): number {
  const length = until - from;
  if (length > 96) target.set(source.subarray(from, until), to);
  else for (let at = 0; at < length; at++) target[to + at] = source[from + at] as number;
  return to + length;
}
