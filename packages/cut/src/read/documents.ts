import type { ErrorCode } from '@leakproof/core';
import type { Elements } from '../release/elements.ts';
import { EventReader, type Framing } from './framing.ts';
import type { Plan } from '../layout/tables.ts';
import { INVALID, PAUSED, type Scanner, TOO_DEEP, TOO_LARGE } from './scanner.ts';
import type { Window } from './window.ts';

const NO_BYTES = new Uint8Array(0);
const BOM = [0xef, 0xbb, 0xbf] as const;

export interface DocumentParts {
  readonly framing: Framing;
  readonly plan: Plan;
  readonly window: Window;
  readonly scanner: Scanner;
  readonly elements: Elements;
  readonly maxElementBytes: number;
}

/** Hands the pass one JSON text after the other, as the body is framed. A byte order mark at its start is left out. */
export class Documents {
  readonly #parts: DocumentParts;
  #events: EventReader | undefined;
  #stream: Uint8Array | undefined;
  #streamAt = 0;
  #bom = 0;
  #isBroken = false;
  #hasEnded = false;

  constructor(parts: DocumentParts) {
    this.#parts = parts;
    parts.scanner.begin(parts.plan);
    parts.elements.begin(0);
  }

  take(given: Uint8Array): void {
    const bytes = this.#withoutBom(given);
    if (bytes.length === 0) return;
    if (this.#parts.framing === 'sse') {
      this.#stream = bytes;
      this.#streamAt = 0;
    } else {
      this.#parts.window.append(bytes);
      this.#parts.scanner.goTo(0);
    }
  }

  /** Reads until the bytes are used up or the elements held are as many as may be; why it cannot, if it cannot. */
  read(isEnding: boolean): ErrorCode | undefined {
    if (this.#isBroken || (isEnding && (this.#bom === 1 || this.#bom === 2))) return 'LP-JSON-INVALID';
    if (this.#hasEnded) return undefined;
    switch (this.#parts.framing) {
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
      if (this.#bom === 1 || this.#bom === 2) this.#isBroken = true;
      this.#bom = BOM.length;
    }
    return at === 0 ? bytes : bytes.subarray(at);
  }

  #readText(isEnding: boolean): ErrorCode | undefined {
    const { window, scanner, elements } = this.#parts;
    const fault = this.#fault(scanner.run(window.bytes.length));
    if (fault || elements.isFull || !isEnding) return fault;
    this.#hasEnded = true;
    return this.#endDocument(window.end);
  }

  #readLines(isEnding: boolean): ErrorCode | undefined {
    const { window, scanner, elements } = this.#parts;
    while (!elements.isFull) {
      const { bytes, base } = window;
      if (scanner.at >= bytes.length) {
        if (!isEnding) return undefined;
        this.#hasEnded = true;
        return this.#endDocument(window.end);
      }
      const found = bytes.indexOf(0x0a, scanner.at);
      const fault = this.#readTo(found < 0 ? bytes.length : found);
      if (fault) return fault;
      if (found < 0) continue;
      const unfinished = this.#endDocument(base + found + 1);
      if (unfinished) return unfinished;
      scanner.goTo(found + 1);
    }
    return undefined;
  }

  #readEvents(isEnding: boolean): ErrorCode | undefined {
    const { window, scanner, elements, maxElementBytes } = this.#parts;
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

  /** Reads one whole text, or all there is of it. */
  #readTo(limit: number): ErrorCode | undefined {
    const { scanner } = this.#parts;
    for (;;) {
      const result = scanner.run(limit);
      const fault = this.#fault(result);
      if (fault || result !== PAUSED) return fault;
    }
  }

  /** A text ends; lines without one are passed. */
  #endDocument(end: number): ErrorCode | undefined {
    const { framing, plan, scanner, elements } = this.#parts;
    if (scanner.isFresh && framing !== 'json') elements.pass(end);
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

  #fault(result: number): ErrorCode | undefined {
    if (result === INVALID) return 'LP-JSON-INVALID';
    if (result === TOO_DEEP) return 'LP-JSON-TOO-DEEP';
    return result === TOO_LARGE || this.#parts.elements.isTooLarge ? 'LP-RESPONSE-TOO-LARGE' : undefined;
  }
}
