import { innerPass } from '../read/wasm-reader.ts';
import { AT, END, NEXT, ROW } from '../read/tape.ts';
import type { Window } from '../read/window.ts';

/** Ranges shorter than this, on average, are copied together: a chunk of their own would cost more. */
const WORTH_A_CHUNK_BYTES = 1_024;

/** What leaves, as ranges of the window and literals of the contract, in order. Neighbouring ranges become one. */
export class Output {
  /** Pairs of places; a literal is its number, negative, and -1. */
  #ranges = new Int32Array(128);
  #size = 0;
  #literals: Uint8Array[] = [];
  /** `monitor`: nothing is put together, the bytes have left already. */
  isIdle = false;

  /** Leaves nothing of a body. */
  forget(): void {
    this.#size = 0;
    this.#literals = [];
    this.isIdle = false;
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
    if (from >= to || this.isIdle) return;
    if (this.#size > 0 && this.#ranges[this.#size - 1] === from) {
      this.#ranges[this.#size - 1] = to;
      return;
    }
    this.#push(from, to);
  }

  /** An object of which some rows of members are kept, first and last of each; its rows stand one behind the other. */
  runs(rows: Int32Array, entry: number, runs: Int32Array): void {
    const first = entry + ROW;
    const last = (rows[entry + NEXT] as number) - ROW;
    let start = rows[entry + AT] as number;
    if (runs[0] !== 0) this.range(start, rows[first] as number);
    for (let run = 0; run < runs.length; run += 2) {
      const from = first + ROW * (runs[run] as number);
      if (run > 0) start = rows[from - ROW + END] as number;
      else if (from !== first) start = rows[from] as number;
      this.range(start, rows[first + ROW * (runs[run + 1] as number) + END] as number);
    }
    this.range(rows[last + END] as number, rows[entry + END] as number);
  }

  literal(bytes: Uint8Array): void {
    if (this.isIdle) return;
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
    let isAscending = true;
    let last = 0;
    for (let at = 0; at < size; at += 2) {
      const from = this.#ranges[at] as number;
      const to = this.#ranges[at + 1] as number;
      if (from < last) isAscending = false;
      last = to;
      bytes += from < 0 ? (this.#literals[-1 - from] as Uint8Array).length : to - from;
    }
    this.#size = 0;
    if (bytes === 0) return [];
    if (bytes / (size / 2) >= WORTH_A_CHUNK_BYTES || size === 2) return this.#pieces(window, 0, size);
    if (!isAscending) return [this.#join(window, size, bytes)];
    return this.#together(window, size, bytes);
  }

  /** No literals, nothing twice: what stays of the chunk in hand is put together in one go. */
  #together(window: Window, size: number, bytes: number): Uint8Array[] {
    let first = 0;
    while (first < size && (this.#ranges[first] as number) < window.base) first += 2;
    const pieces = this.#pieces(window, 0, first);
    if (first === size) return pieces;
    const rest = innerPass()?.compact(window.bytes, window.base, this.#ranges, first, size);
    if (!rest) return [this.#join(window, size, bytes)];
    pieces.push(rest);
    return pieces;
  }

  #pieces(window: Window, first: number, size: number): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (let at = first; at < size; at += 2) {
      const from = this.#ranges[at] as number;
      if (from < 0) chunks.push(this.#literals[-1 - from] as Uint8Array);
      else chunks.push(...window.pieces(from, this.#ranges[at + 1] as number));
    }
    return chunks;
  }

  #join(window: Window, size: number, length: number): Uint8Array {
    const joined = new Uint8Array(length);
    let to = 0;
    for (let at = 0; at < size; at += 2) {
      const from = this.#ranges[at] as number;
      const pieces =
        from < 0 ? [this.#literals[-1 - from] as Uint8Array] : window.pieces(from, this.#ranges[at + 1] as number);
      for (const piece of pieces) {
        joined.set(piece, to);
        to += piece.length;
      }
    }
    return joined;
  }
}
