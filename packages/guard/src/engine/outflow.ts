import { countFacts, type FactGroup, type ResponsePlan } from '@leakproof/core';
import { type Ended, perform, type RequestFlow } from './command.ts';
import { packsOf, unseen } from './fact-groups.ts';
import type { ResponseHead } from '@leakproof/http';
import { recordAccess, recordEnd, type Subject } from './records.ts';
import type { RequestContext } from './request-context.ts';

/** A record stays well below what the log takes at once. */
const MAX_FACTS_A_RECORD = 10_000;

/**
 * The way of one answer to its client: what is put in is written into the log, and only then leaves. The head waits for the
 * first bytes, so that until then anything else can be answered.
 */
export class Outflow {
  readonly #trip: RequestContext;
  readonly #subject: Subject;
  readonly #head: ResponseHead;
  readonly #isHead: boolean;
  #facts: FactGroup[] = [];
  #chunks: Uint8Array[] = [];
  #hasRecorded = false;
  /** Facts that wait to be written, and bytes that wait to leave. */
  waitingFacts = 0;
  waitingBytes = 0;
  /** Bytes have left: from here on it can only go on, end or break. */
  hasStarted = false;

  constructor(trip: RequestContext, plan: ResponsePlan, head: ResponseHead) {
    const { request, principal } = trip;
    this.#trip = trip;
    this.#head = head;
    this.#isHead = request.method === 'HEAD';
    this.#subject = { request, principal, server: plan.server.name, operation: plan.operation, mode: 'enforce' };
  }

  put(facts: readonly FactGroup[], chunks: readonly Uint8Array[]): void {
    for (const group of facts) this.#facts.push(group);
    this.waitingFacts += countFacts(facts);
    if (this.#isHead) return;
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.waitingBytes += chunk.length;
    }
  }

  /** What was put in and has not left yet, for an answer in its place. */
  takeFacts(): readonly FactGroup[] {
    const facts = this.#facts;
    this.#facts = [];
    this.waitingFacts = 0;
    return facts;
  }

  /** Records and releases what waits. `unrecorded`: nothing of it left, because the log did not take it. */
  *flush(): RequestFlow<'going' | 'gone' | 'unrecorded'> {
    if (!(yield* this.#record())) return 'unrecorded';
    if (this.waitingBytes === 0) return 'going';
    const part = { do: 'release', chunks: this.#takeChunks() } as const;
    const { isGone } = yield* perform(this.hasStarted ? part : { ...part, head: this.#head });
    this.hasStarted = true;
    return isGone ? 'gone' : 'going';
  }

  /** Records and releases what waits, and ends the answer. */
  *end(): RequestFlow<Ended | 'unrecorded'> {
    if (this.hasStarted) {
      const flushed = yield* this.flush();
      if (flushed === 'unrecorded') return flushed;
      const { ended } = yield* perform({ do: 'finish' });
      return yield* this.#ended(ended);
    }
    if (!(yield* this.#record(true))) return 'unrecorded';
    const chunks = this.#takeChunks();
    const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    this.hasStarted = true;
    const { ended } = yield* perform({ do: 'answer', answer: { ...this.#head, body } });
    return yield* this.#ended(ended);
  }

  /** Breaks off what has started. */
  *breakOff(): RequestFlow {
    yield* perform({ do: 'break' });
    yield* this.#ended('cut-off');
  }

  *#ended(ended: Ended): RequestFlow<Ended> {
    if (this.#hasRecorded) yield* recordEnd(this.#trip.engine, this.#trip.request, ended);
    return ended;
  }

  /** Everything that waits, written; true if it may leave. One record at least for each answer that has an end. */
  *#record(isWhole = false): RequestFlow<boolean> {
    const { engine } = this.#trip;
    const isDue = !this.#hasRecorded && (isWhole || this.waitingBytes > 0);
    const facts = this.#isHead ? unseen(this.takeFacts()) : this.takeFacts();
    if (facts.length === 0 && !isDue) return true;
    for (const pack of packsOf(facts, MAX_FACTS_A_RECORD)) {
      const refused = yield* recordAccess(engine, this.#subject, pack);
      this.#hasRecorded ||= !refused;
      if (refused && engine.contract.on['no-ledger'] === 'refuse') return false;
    }
    return true;
  }

  #takeChunks(): readonly Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.waitingBytes = 0;
    return chunks;
  }
}
