/** An event of an event stream (WHATWG HTML, §9.2), written anew: its bytes may be released once its JSON text is cut. */
export interface ServerEvent {
  readonly bytes: Uint8Array;
  /** The range of the JSON text in `bytes`; empty if the event has no data. */
  readonly from: number;
  readonly to: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
/** The wait before a client connects again, in milliseconds. */
const RETRY = /^[0-9]{1,6}$/;

/**
 * Splits an event stream into events. Several lines of data are joined by spaces, which JSON allows. Of the other fields only
 * `retry` is kept, if it is a number: `event` and `id` are free text, which the contract has no word for and nobody judges. A comment
 * is kept without its text.
 */
export class EventReader {
  #line: number[] = [];
  #data: Uint8Array[] = [];
  #head = '';
  #isComment = false;
  #afterCr = false;
  #bytes = 0;

  /** Bytes of the current event so far. */
  get size(): number {
    return this.#bytes;
  }

  /** Reads to the end of one event. Returns the event, if one ended and has content, and the index to continue at. */
  read(bytes: Uint8Array, from: number): { readonly event: ServerEvent | undefined; readonly at: number } {
    let at = from;
    while (at < bytes.length) {
      const byte = bytes[at++] as number;
      const isBreak = byte === 0x0a || byte === 0x0d;
      if (byte === 0x0a && this.#afterCr) {
        this.#afterCr = false;
        continue;
      }
      this.#afterCr = byte === 0x0d;
      this.#bytes++;
      if (!isBreak) {
        this.#line.push(byte);
        continue;
      }
      const line = Uint8Array.from(this.#line);
      this.#line = [];
      if (line.length > 0) this.#take(line);
      else return { event: this.#dispatch(), at };
    }
    return { event: undefined, at };
  }

  #take(line: Uint8Array): void {
    const colon = line.indexOf(0x3a);
    const name = decoder.decode(colon < 0 ? line : line.subarray(0, colon));
    if (name === '') this.#isComment = true;
    const start = colon < 0 ? line.length : line[colon + 1] === 0x20 ? colon + 2 : colon + 1;
    const value = line.subarray(start);
    if (name === 'data') this.#data.push(value);
    else if (name === 'retry') {
      const text = decoder.decode(value);
      if (RETRY.test(text)) this.#head = `retry: ${text}\n`;
    }
  }

  #dispatch(): ServerEvent | undefined {
    const head = this.#head;
    const data = this.#data;
    const isComment = this.#isComment;
    this.#head = '';
    this.#data = [];
    this.#isComment = false;
    this.#bytes = 0;
    if (data.length === 0) {
      const text = head === '' ? (isComment ? ':\n\n' : '') : `${head}\n`;
      return text === '' ? undefined : { bytes: encoder.encode(text), from: 0, to: 0 };
    }
    const before = encoder.encode(`${head}data: `);
    const length = data.reduce((sum, each) => sum + each.length + 1, -1);
    const bytes = new Uint8Array(before.length + length + 2).fill(0x20);
    bytes.set(before);
    let at = before.length;
    for (const each of data) {
      bytes.set(each, at);
      at += each.length + 1;
    }
    bytes.fill(0x0a, bytes.length - 2);
    return { bytes, from: before.length, to: bytes.length - 2 };
  }
}
