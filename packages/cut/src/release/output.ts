import { wasmReader } from '../read/wasm-reader.ts';
import { END, NEXT, ROW_WORDS, START } from '../read/tape.ts';
import type { Window } from '../read/window.ts';

/** Ranges that are shorter on average are joined into one chunk: releasing each would cost more than copying. */
const MIN_CHUNK_BYTES = 1_024;

/** What is released, in order: ranges of the window and literals of the contract. Adjacent ranges are merged. */
export class Output {
  /** Pairs of window offsets; for the literal number n, the pair -1-n and -1. */
  #ranges = new Int32Array(128);
  #size = 0;
  #literals: Uint8Array[] = [];
  /** `monitor`: the body was passed on already; nothing is collected. */
  isDisabled = false;

  /** Drops everything. */
  reset(): void {
    this.#size = 0;
    this.#literals = [];
    this.isDisabled = false;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** With `tail`, the state that `rollback` returns to. */
  get mark(): number {
    return this.#size;
  }

  get tail(): number {
    return this.#size === 0 ? 0 : (this.#ranges[this.#size - 1] as number);
  }

  rollback(mark: number, tail: number): void {
    this.#size = mark;
    if (mark > 0) this.#ranges[mark - 1] = tail;
  }

  range(from: number, to: number): void {
    if (from >= to || this.isDisabled) return;
    if (this.#size > 0 && this.#ranges[this.#size - 1] === from) {
      this.#ranges[this.#size - 1] = to;
      return;
    }
    this.#push(from, to);
  }

  /** The delimiters of a container of which nothing is kept. White space would tell that something was there. */
  emptied(from: number, to: number): void {
    this.range(from, from + 1);
    this.range(to - 1, to);
  }

  /** Puts out an object of which runs of members are kept (first and last index of each). Each member has exactly one row. */
  memberRuns(rows: Int32Array, entry: number, runs: Int32Array): void {
    const first = entry + ROW_WORDS;
    const last = (rows[entry + NEXT] as number) - ROW_WORDS;
    const open = rows[entry + START] as number;
    if (runs.length === 0) {
      this.emptied(open, rows[entry + END] as number);
      return;
    }
    let start = open;
    for (let run = 0; run < runs.length; run += 2) {
      const from = first + ROW_WORDS * (runs[run] as number);
      if (run > 0) start = rows[from - ROW_WORDS + END] as number;
      else if (from !== first) {
        this.range(open, rows[first] as number);
        start = rows[from] as number;
      }
      this.range(start, rows[first + ROW_WORDS * (runs[run + 1] as number) + END] as number);
    }
    this.range(rows[last + END] as number, rows[entry + END] as number);
  }

  literal(bytes: Uint8Array): void {
    if (this.isDisabled) return;
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

  /** Returns and removes everything. Long ranges are parts of the pushed chunks, not copies. */
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
    if (bytes / (size / 2) >= MIN_CHUNK_BYTES || size === 2) return this.#pieces(window, 0, size);
    if (!isAscending) return [this.#join(window, size, bytes)];
    return this.#compact(window, size, bytes);
  }

  /** Ascending ranges without literals: those of the newest chunk are joined by the WebAssembly reader. */
  #compact(window: Window, size: number, bytes: number): Uint8Array[] {
    let first = 0;
    while (first < size && (this.#ranges[first] as number) < window.base) first += 2;
    const pieces = this.#pieces(window, 0, first);
    if (first === size) return pieces;
    const rest = wasmReader()?.compact(window.bytes, window.base, this.#ranges, first, size);
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
