import { countFacts, type FactGroup, type ResponsePlan } from '@leakproof/core';
import type { ResponseHead } from '@leakproof/http';
import { type Ended, perform, type RequestFlow } from './command.ts';
import { asWithheld } from './fact-groups.ts';
import { type RecordContext, recordAccess, recordEnd } from './records.ts';
import type { RequestContext } from './request-context.ts';

/** A body that is `null` has no more bytes than these, with its white space; those of HEAD are kept up to here. */
export const MAX_NULL_BYTES = 64;

/**
 * Writes one response to its client: facts are recorded in the log, and only then are the bytes that they describe released.
 * The head is sent with the first bytes; until then another response can be sent instead.
 */
export class ResponseWriter {
  readonly #context: RequestContext;
  readonly #recordContext: RecordContext;
  readonly #head: ResponseHead;
  /** A request by HEAD: nothing but the head is released. */
  readonly #isHead: boolean;
  #facts: FactGroup[] = [];
  #chunks: Uint8Array[] = [];
  #hasRecorded = false;
  /** Facts that are not recorded yet, and bytes that are not released yet. */
  pendingFacts = 0;
  pendingBytes = 0;
  /** Bytes have been sent: the response can only be continued, ended or aborted. */
  hasStarted = false;

  constructor(context: RequestContext, plan: ResponsePlan, head: ResponseHead) {
    const { request, principal } = context;
    this.#context = context;
    this.#head = head;
    this.#isHead = request.method === 'HEAD';
    this.#recordContext = { request, principal, server: plan.server.name, operation: plan.operation, mode: 'enforce' };
  }

  /** Adds facts, and the bytes that they describe. */
  write(facts: readonly FactGroup[], chunks: readonly Uint8Array[]): void {
    for (const group of facts) this.#facts.push(group);
    this.pendingFacts += countFacts(facts);
    for (const chunk of chunks) {
      this.pendingBytes += chunk.length;
      if (!this.#isHead || this.pendingBytes <= MAX_NULL_BYTES) this.#chunks.push(chunk);
    }
  }

  /** The whole body is `null`. */
  isNull(): boolean {
    if (this.hasStarted || this.pendingBytes > MAX_NULL_BYTES) return false;
    let text = '';
    for (const chunk of this.#chunks) for (const byte of chunk) text += String.fromCharCode(byte);
    return text.trim() === 'null';
  }

  /** Removes and returns the pending facts, to be recorded with a response that is sent instead. */
  takeFacts(): readonly FactGroup[] {
    const facts = this.#facts;
    this.#facts = [];
    this.pendingFacts = 0;
    return facts;
  }

  /** Records everything pending, and releases nothing; false if the log refused. */
  *record(): RequestFlow<boolean> {
    return yield* this.#record();
  }

  /**
   * Records everything pending, and releases so many of the pending bytes. `unrecorded`: the log refused, and none of it was
   * released.
   */
  *flush(bytes = this.pendingBytes): RequestFlow<'released' | 'client-gone' | 'unrecorded'> {
    if (!(yield* this.#record())) return 'unrecorded';
    if (bytes === 0) return 'released';
    const part = { do: 'release', chunks: this.#takeChunks(bytes) } as const;
    const { isGone } = yield* perform(this.hasStarted ? part : { ...part, head: this.#head });
    this.hasStarted = true;
    return isGone ? 'client-gone' : 'released';
  }

  /** Records and releases everything pending, and ends the response. */
  *end(): RequestFlow<Ended | 'unrecorded'> {
    if (this.hasStarted) {
      const flushed = yield* this.flush();
      if (flushed === 'unrecorded') return flushed;
      const { ended } = yield* perform({ do: 'finish' });
      return yield* this.#recordEnd(ended);
    }
    if (!(yield* this.#record(true))) return 'unrecorded';
    this.hasStarted = true;
    const chunks = this.#isHead ? [] : this.#takeChunks(this.pendingBytes);
    const { ended } = yield* perform({ do: 'respond', head: this.#head, chunks });
    return yield* this.#recordEnd(ended);
  }

  /** Another response is sent instead: what was recorded was not released. */
  *giveUp(): RequestFlow {
    yield* this.#recordEnd('cut-off');
  }

  /** Breaks the connection of a response that has started. */
  *abort(): RequestFlow {
    yield* perform({ do: 'abort' });
    yield* this.#recordEnd('cut-off');
  }

  *#recordEnd(ended: Ended): RequestFlow<Ended> {
    if (this.#hasRecorded) yield* recordEnd(this.#context.engine, this.#context.request, ended);
    return ended;
  }

  /** Records all pending facts; true if their bytes may be released. A response that ends has at least one record. */
  *#record(isWhole = false): RequestFlow<boolean> {
    const { engine } = this.#context;
    const isDue = !this.#hasRecorded && (isWhole || this.pendingBytes > 0);
    const facts = this.#isHead ? asWithheld(this.takeFacts()) : this.takeFacts();
    if (facts.length === 0 && !isDue) return true;
    const refused = yield* recordAccess(engine, this.#recordContext, facts);
    this.#hasRecorded ||= !refused;
    return !refused || engine.contract.on['no-ledger'] === 'pass';
  }

  #takeChunks(bytes: number): readonly Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    let left = this.pendingBytes - bytes;
    this.pendingBytes = left;
    // From the end: what is kept is less than one block.
    while (left > 0) {
      const last = chunks.pop();
      if (!last) break;
      const kept = Math.min(left, last.length);
      this.#chunks.unshift(last.subarray(last.length - kept));
      if (kept < last.length) chunks.push(last.subarray(0, last.length - kept));
      left -= kept;
    }
    return chunks;
  }
}
