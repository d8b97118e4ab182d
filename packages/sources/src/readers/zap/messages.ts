import type { Exchange } from '@leakproof/core';
import { readRawExchange, type RawContext } from '../../reading/raw-exchange.ts';
import type { RejectCode } from '../../reading/reject-codes.ts';

/** Where the exchanges of an export go. */
export interface ZapSink {
  /** Largest message. */
  readonly maxBytes: number;
  readonly contextAt: (at: string) => RawContext;
  readonly add: (exchange: Exchange | RejectCode, at: string) => void;
}

const SEPARATOR = /(?:^|\n)={3,4} ?(\d{1,12}) ={4,}\r?\n/;
/** Characters kept at the end of a piece, enough for a separator that the piece cuts. */
const OVERLAP = 64;

/** Splits exported messages at their `==== 12 ==========` lines. Bodies may contain any bytes, so text is latin1. */
export class MessageBlocks {
  readonly #sink: ZapSink;
  #held = '';
  #id: string | undefined;
  #oversize = false;

  constructor(sink: ZapSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    const searched = Math.max(0, this.#held.length - OVERLAP);
    this.#held += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    let from = searched;
    for (;;) {
      const separator = SEPARATOR.exec(this.#held.slice(from));
      if (separator === null) break;
      this.#emit(this.#held.slice(0, from + separator.index));
      this.#id = separator[1];
      this.#held = this.#held.slice(from + separator.index + separator[0].length);
      from = 0;
    }
    if (this.#held.length <= this.#sink.maxBytes) return;
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
    this.#sink.add(oversize ? 'too-large' : readBlock(block, at, this.#sink.contextAt(at)), at);
  }
}

/**
 * A block is a request, a line end and a response, which begins at the first line that is a status line. ZAP writes status 0 if there
 * was no response.
 */
function readBlock(block: string, at: string, context: RawContext): Exchange | RejectCode {
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
    context,
  );
}
