import type { Exchange } from '@leakproof/core';
import { readRawExchange, type RawReading } from '../../reading/raw-exchange.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';

export type ZapSink = (exchange: Exchange | RejectCode, at: string) => void;

const MARK = /(?:^|\n)={3,4} ?(\d{1,12}) ={4,}\r?\n/;
/** Enough of a tail to hold a mark that a chunk has cut. */
const OVERLAP = 64;

/** Cuts exported messages at their `==== 12 ==========` lines. Bodies are bytes of any kind, so everything stays latin1. */
export class MessageBlocks {
  readonly #maxBytes: number;
  readonly #readingAt: (at: string) => RawReading;
  readonly #sink: ZapSink;
  #held = '';
  #id: string | undefined;
  #oversize = false;

  constructor(maxBytes: number, readingAt: (at: string) => RawReading, sink: ZapSink) {
    this.#maxBytes = maxBytes;
    this.#readingAt = readingAt;
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    const searched = Math.max(0, this.#held.length - OVERLAP);
    this.#held += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    let from = searched;
    for (;;) {
      const mark = MARK.exec(this.#held.slice(from));
      if (mark === null) break;
      this.#emit(this.#held.slice(0, from + mark.index));
      this.#id = mark[1];
      this.#held = this.#held.slice(from + mark.index + mark[0].length);
      from = 0;
    }
    if (this.#held.length <= this.#maxBytes) return;
    this.#oversize = true;
    this.#held = this.#held.slice(-OVERLAP);
  }

  end(): 'done' | 'nothing' {
    this.#emit(this.#held);
    return this.#id === undefined ? 'nothing' : 'done';
  }

  #emit(block: string): void {
    const oversize = this.#oversize;
    this.#oversize = false;
    if (this.#id === undefined) return;
    const at = `message ${this.#id}`;
    this.#sink(oversize ? 'too-large' : readBlock(block, at, this.#readingAt(at)), at);
  }
}

/** A block is a request, a line end, a response: the response begins at the first status line that starts a line. ZAP
 * writes status 0 where no response came. */
function readBlock(block: string, at: string, reading: RawReading): Exchange | RejectCode {
  const start = /(?:^|\n)HTTP\/\d(?:\.\d)? (?:\d{3}|0)[ \r\n]/.exec(block);
  const request = start === null ? block : block.slice(0, start.index);
  const response =
    start === null
      ? undefined
      : block
          .slice(start.index)
          .replace(/^\n/, '')
          .replace(/(?:\r\n?|\n)$/, '');
  return readRawExchange(
    {
      request: Buffer.from(request.replace(/\r$/, ''), 'latin1'),
      response: response === undefined ? undefined : Buffer.from(response, 'latin1'),
      at,
    },
    reading,
  );
}
