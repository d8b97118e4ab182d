import type { ErrorCode } from '@leakproof/core';
import type { Elements } from './release/elements.ts';
import { EventReader } from './read/event-reader.ts';
import type { Plan } from './layout/tables.ts';
import { INVALID, PAUSED, type Scanner, TOO_DEEP, TOO_LARGE } from './read/scanner.ts';
import type { Window } from './read/window.ts';

/** How a body contains JSON texts: one, one on each line, or one in each event of an event stream. */
export type Framing = 'json' | 'ndjson' | 'sse';

const NO_BYTES = new Uint8Array(0);
const BOM = [0xef, 0xbb, 0xbf] as const;

export interface DocumentsContext {
  readonly framing: Framing;
  readonly plan: Plan;
  readonly window: Window;
  readonly scanner: Scanner;
  readonly elements: Elements;
  readonly maxElementBytes: number;
}

/** Gives the scanner one JSON text of the body after the other. A byte order mark at the start of the body is removed. */
export class Documents {
  readonly #context: DocumentsContext;
  #events: EventReader | undefined;
  /** `sse`: the newest chunk, and the index of the next byte to read. */
  #stream: Uint8Array | undefined;
  #streamAt = 0;
  /** Bytes of the byte order mark that were read; 3 also if there is none. */
  #bom = 0;
  #isBomBroken = false;
  #hasEnded = false;

  constructor(context: DocumentsContext) {
    this.#context = context;
    context.scanner.begin(context.plan);
    context.elements.begin(0);
  }

  append(given: Uint8Array): void {
    const bytes = this.#withoutBom(given);
    if (bytes.length === 0) return;
    if (this.#context.framing === 'sse') {
      this.#stream = bytes;
      this.#streamAt = 0;
    } else {
      this.#context.window.append(bytes);
      this.#context.scanner.goTo(0);
    }
  }

  /** Reads until the chunk is used up or the window of pending elements is full. Returns the code if the body is refused. */
  read(isEnding: boolean): ErrorCode | undefined {
    if (this.#isBomBroken || (isEnding && (this.#bom === 1 || this.#bom === 2))) return 'LP-JSON-INVALID';
    if (this.#hasEnded) return undefined;
    switch (this.#context.framing) {
      case 'json':
        return this.#readText(isEnding);
      case 'ndjson':
        return this.#readLines(isEnding);
      case 'sse':
        return this.#readEvents(isEnding);
    }
  }

  #withoutBom(bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (this.#bom < BOM.length && at < bytes.length && bytes[at] === BOM[this.#bom]) {
      this.#bom++;
      at++;
    }
    if (at < bytes.length) {
      if (this.#bom === 1 || this.#bom === 2) this.#isBomBroken = true;
      this.#bom = BOM.length;
    }
    return at === 0 ? bytes : bytes.subarray(at);
  }

  #readText(isEnding: boolean): ErrorCode | undefined {
    const { window, scanner, elements } = this.#context;
    const fault = this.#codeOf(scanner.run(window.bytes.length));
    if (fault || elements.isFull || !isEnding) return fault;
    this.#hasEnded = true;
    return this.#endDocument(window.end);
  }

  #readLines(isEnding: boolean): ErrorCode | undefined {
    const { window, scanner, elements } = this.#context;
    while (!elements.isFull) {
      const { bytes, base } = window;
      if (scanner.at >= bytes.length) {
        if (!isEnding) return undefined;
        this.#hasEnded = true;
        return this.#endDocument(window.end);
      }
      const lineEnd = bytes.indexOf(0x0a, scanner.at);
      const fault = this.#readTo(lineEnd < 0 ? bytes.length : lineEnd);
      if (fault) return fault;
      if (lineEnd < 0) continue;
      const unfinished = this.#endDocument(base + lineEnd + 1);
      if (unfinished) return unfinished;
      scanner.goTo(lineEnd + 1);
    }
    return undefined;
  }

  #readEvents(isEnding: boolean): ErrorCode | undefined {
    const { window, scanner, elements, maxElementBytes } = this.#context;
    const events = (this.#events ??= new EventReader());
    const stream = this.#stream ?? NO_BYTES;
    while (!elements.isFull && this.#streamAt < stream.length) {
      const { event, at } = events.read(stream, this.#streamAt);
      this.#streamAt = at;
      if (events.size > maxElementBytes) return 'LP-RESPONSE-TOO-LARGE';
      if (!event) continue;
      window.append(event.bytes);
      elements.begin(window.base);
      scanner.goTo(event.from);
      const fault = this.#readTo(event.to) ?? this.#endDocument(window.end);
      if (fault) return fault;
    }
    if (isEnding && !elements.isFull) this.#hasEnded = true;
    return undefined;
  }

  /** Reads a text up to `limit`. */
  #readTo(limit: number): ErrorCode | undefined {
    const { scanner } = this.#context;
    for (;;) {
      const result = scanner.run(limit);
      const fault = this.#codeOf(result);
      if (fault || result !== PAUSED) return fault;
    }
  }

  /** Ends a text. Lines without one pass through. */
  #endDocument(end: number): ErrorCode | undefined {
    const { framing, plan, scanner, elements } = this.#context;
    if (scanner.isAtStart && framing !== 'json') elements.passThrough(end);
    else {
      if (!scanner.end()) return 'LP-JSON-INVALID';
      if (elements.isTooLarge) return 'LP-RESPONSE-TOO-LARGE';
      elements.end(end);
    }
    if (framing !== 'json') {
      scanner.begin(plan);
      elements.begin(end);
    }
    return undefined;
  }

  #codeOf(result: number): ErrorCode | undefined {
    if (result === INVALID) return 'LP-JSON-INVALID';
    if (result === TOO_DEEP) return 'LP-JSON-TOO-DEEP';
    return result === TOO_LARGE || this.#context.elements.isTooLarge ? 'LP-RESPONSE-TOO-LARGE' : undefined;
  }
}
