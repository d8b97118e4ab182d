const NO_BYTES = new Uint8Array(0);

/**
 * The bytes that are still needed, as the chunks that were pushed, without a copy. Window offsets address them; `rebase` keeps the
 * offsets small however long the body is.
 */
export class Window {
  /** The newest chunk, and its window offset. */
  bytes: Uint8Array = NO_BYTES;
  base = 0;
  end = 0;
  #chunks: Uint8Array[] = [];
  #starts: number[] = [];

  /** Keeps a plain `Uint8Array` of whatever view it gets: `slice` of a Buffer does not copy. */
  append(given: Uint8Array): void {
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    this.#chunks.push(bytes);
    this.#starts.push(this.end);
    this.bytes = bytes;
    this.base = this.end;
    this.end += bytes.length;
  }

  /** Drops the chunks that end at or before an offset. */
  drop(before: number): void {
    let dropped = 0;
    while (dropped < this.#chunks.length && (this.#starts[dropped + 1] ?? this.end) <= before) dropped++;
    if (dropped > 0) {
      this.#chunks.splice(0, dropped);
      this.#starts.splice(0, dropped);
    }
  }

  /** Subtracts `by` from all offsets. The caller does the same with every offset it keeps. */
  rebase(by: number): void {
    this.#starts = this.#starts.map((start) => start - by);
    this.base -= by;
    this.end -= by;
  }

  /** The offset of the oldest chunk. */
  get start(): number {
    return this.#starts[0] ?? this.end;
  }

  /** The bytes of a range, contiguous: copied only if the range crosses chunks. */
  slice(from: number, to: number): Uint8Array {
    if (from >= this.base) return this.bytes.subarray(from - this.base, to - this.base);
    const pieces = this.pieces(from, to);
    const [only] = pieces;
    if (pieces.length === 1 && only) return only;
    const whole = new Uint8Array(to - from);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  /** The bytes of a range, as parts of the pushed chunks. */
  pieces(from: number, to: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < this.#chunks.length && from < to; index++) {
      const start = this.#starts[index] ?? 0;
      const chunk = this.#chunks[index];
      if (!chunk || from >= start + chunk.length) continue;
      const until = Math.min(to, start + chunk.length);
      pieces.push(chunk.subarray(from - start, until - start));
      from = until;
    }
    return pieces;
  }
}
