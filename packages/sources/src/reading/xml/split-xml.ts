/** Gets each element with its tags; `undefined` for one larger than the limit. */
export type ElementSink = (element: Buffer | undefined, index: number) => void;

const CDATA = '<![CDATA[';
const CDATA_END = ']]>';

/**
 * Finds every element called `name` in XML of any size, so that an invalid element does not affect the others. CDATA, which may
 * contain any text, is respected. Elements of that name must not be nested.
 */
export class XmlElementSplitter {
  readonly #open: string;
  readonly #close: string;
  readonly #maxBytes: number;
  readonly #sink: ElementSink;
  #held: Buffer = Buffer.alloc(0);
  /** Inside an element: how much of `#held` was searched, and whether that ended inside CDATA. */
  #inside = false;
  #searched = 0;
  #inCdata = false;
  #oversize = false;
  #index = 0;

  constructor(name: string, maxBytes: number, sink: ElementSink) {
    this.#open = `<${name}`;
    this.#close = `</${name}>`;
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#held =
      this.#held.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([this.#held, chunk]);
    while (this.#inside ? this.#findEnd() : this.#findStart());
  }

  /** True if the source ended inside an element. */
  end(): boolean {
    return this.#inside;
  }

  #findStart(): boolean {
    let start = this.#held.indexOf(this.#open);
    while (
      start >= 0 &&
      start + this.#open.length < this.#held.length &&
      !isTagEnd(this.#held[start + this.#open.length])
    ) {
      start = this.#held.indexOf(this.#open, start + 1);
    }
    if (start < 0 || start + this.#open.length >= this.#held.length) {
      this.#held = this.#held.subarray(start < 0 ? Math.max(0, this.#held.length - this.#open.length) : start);
      return false;
    }
    this.#held = this.#held.subarray(start);
    this.#inside = true;
    this.#searched = this.#open.length;
    this.#inCdata = false;
    this.#oversize = false;
    return true;
  }

  #findEnd(): boolean {
    for (;;) {
      const at = this.#held.indexOf(this.#inCdata ? CDATA_END : '<', this.#searched);
      if (at < 0) return this.#wait(this.#inCdata ? this.#held.length - CDATA_END.length : this.#held.length);
      if (this.#inCdata) {
        this.#searched = at + CDATA_END.length;
        this.#inCdata = false;
        continue;
      }
      const tag = this.#held.toString('latin1', at, at + Math.max(CDATA.length, this.#close.length));
      if (tag.startsWith(this.#close)) {
        this.#searched = at + this.#close.length;
        this.#emit();
        return true;
      }
      this.#inCdata = tag.startsWith(CDATA);
      if (!this.#inCdata && (CDATA.startsWith(tag) || this.#close.startsWith(tag))) return this.#wait(at);
      this.#searched = at + (this.#inCdata ? CDATA.length : 1);
    }
  }

  /** Continues at `from` with the next piece. Beyond the limit, bytes that were searched are discarded. */
  #wait(from: number): false {
    this.#searched = Math.max(this.#searched, from);
    if (this.#held.length > this.#maxBytes) {
      this.#oversize = true;
      this.#held = this.#held.subarray(this.#searched);
      this.#searched = 0;
    }
    return false;
  }

  #emit(): void {
    const element =
      this.#oversize || this.#searched > this.#maxBytes ? undefined : this.#held.subarray(0, this.#searched);
    this.#inside = false;
    this.#held = this.#held.subarray(this.#searched);
    this.#sink(element, this.#index++);
  }
}

function isTagEnd(byte: number | undefined): boolean {
  return byte === 62 || byte === 32 || byte === 9 || byte === 10 || byte === 13 || byte === 47;
}
