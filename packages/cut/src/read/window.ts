const NO_BYTES = new Uint8Array(0);

/**
 * The bytes that are still needed, by their place in the body: chunks as they came, no copy. A place is an offset from the
 * first byte of the window, and stays small however long the body is (`rebase`).
 */
export class Window {
  /** The newest chunk, and where it starts. */
  bytes: Uint8Array = NO_BYTES;
  base = 0;
  end = 0;
  #chunks: Uint8Array[] = [];
  #starts: number[] = [];

  /** Whatever kind of view it is given, it keeps a plain one: a Buffer's methods mean other things. */
  append(given: Uint8Array): void {
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    this.#chunks.push(bytes);
    this.#starts.push(this.end);
    this.bytes = bytes;
    this.base = this.end;
    this.end += bytes.length;
  }

  /** Lets go of the chunks that end at or before a place. */
  drop(before: number): void {
    let gone = 0;
    while (gone < this.#chunks.length && (this.#starts[gone + 1] ?? this.end) <= before) gone++;
    if (gone > 0) {
      this.#chunks.splice(0, gone);
      this.#starts.splice(0, gone);
    }
  }

  /** Moves the window's first place: the caller moves every place it keeps by as much. */
  rebase(by: number): void {
    this.#starts = this.#starts.map((start) => start - by);
    this.base -= by;
    this.end -= by;
  }

  /** Where the oldest chunk starts. */
  get start(): number {
    return this.#starts[0] ?? this.end;
  }

  /** The bytes of a range in one piece; copied only where it crosses chunks. */
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

  /** The bytes of a range as they came. */
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
