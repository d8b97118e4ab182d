/** Gets each line without its end (LF or CRLF), numbered from 1; `undefined` for a line longer than the limit. */
export type LineSink = (line: string | undefined, number: number) => void;

/** Splits bytes into lines of text. The last line needs no line end. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #sink: LineSink;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #number = 1;

  constructor(maxLineBytes: number, sink: LineSink) {
    this.#maxLineBytes = maxLineBytes;
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      if (this.#restBytes === 0) this.#emit(bytes, start, end);
      else this.#emitWithRest(bytes.subarray(start, end));
      start = end + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
  }

  end(): void {
    if (this.#restBytes > 0) this.#emitWithRest(Buffer.alloc(0));
  }

  #keep(piece: Buffer): void {
    this.#restBytes += piece.length;
    if (this.#restBytes <= this.#maxLineBytes) this.#rest.push(piece);
    else this.#rest = [];
  }

  #emitWithRest(last: Buffer): void {
    const tooLong = this.#restBytes + last.length > this.#maxLineBytes;
    const line = tooLong ? undefined : Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#restBytes = 0;
    if (line === undefined) this.#sink(undefined, this.#number++);
    else this.#emit(line, 0, line.length);
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    const stop = end > start && bytes[end - 1] === 13 ? end - 1 : end;
    // Decoded separately: a slice of a larger string would keep that in memory.
    this.#sink(stop - start > this.#maxLineBytes ? undefined : bytes.toString('utf8', start, stop), this.#number++);
  }
}
