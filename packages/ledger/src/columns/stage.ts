import { type AccessRecord, decodeRecord, type EndRecord, isLeakproofError, type LogRecord } from '@leakproof/core';
import { type LogFrame, type PassedOver, SequenceFilter } from '@leakproof/log';
import { ENDED, type Ended, type EventRow, type EventType, joinNames } from './schema.ts';
import { token64 } from './token64.ts';

/** Requests without a recorded end, by writer: their number in the columns. The next roll may read their ends. */
export type OpenRequests = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A writer's requests that a crash left without an end are carried at most this long, the newest ones first. */
const MAX_OPEN = 10_000;
/** The end of the year 9999, the last that Parquet readers agree on. */
const MAX_MS = 253_402_300_799_999;

type Cell = string | number | boolean | null;

/** Rows as they are appended to the engine: one array for each column. */
export interface StagedRows {
  readonly us: bigint[];
  readonly request: bigint[];
  readonly principal: (bigint | null)[];
  readonly owner: (bigint | null)[];
  readonly shape: number[];
  readonly ended: number[];
}

/** Turns frames of a log into rows. Frames of one writer must come in order; a frame that was staged before is ignored. */
export class Stage {
  readonly shapes: Cell[][] = [];
  readonly events: EventRow[] = [];
  readonly rows: StagedRows = { us: [], request: [], principal: [], owner: [], shape: [], ended: [] };
  readonly #shapeIds = new Map<string, number>();
  readonly #open = new Map<string, Map<string, number>>();
  /** Indexes of rows whose request has not ended, by writer and request. */
  readonly #unfinished = new Map<string, number[]>();
  readonly #filters = new Map<string, SequenceFilter>();
  /** The sequence number of the first frame that was staged of each node. */
  readonly #first = new Map<string, number>();

  constructor(open: OpenRequests = {}) {
    for (const [writer, requests] of Object.entries(open)) this.#open.set(writer, new Map(Object.entries(requests)));
  }

  get open(): OpenRequests {
    return Object.fromEntries(
      [...this.#open].map(([writer, requests]) => [writer, Object.fromEntries([...requests].slice(-MAX_OPEN))]),
    );
  }

  add(frame: LogFrame): void {
    if (!this.#isNew(frame)) return;
    if (frame.kind !== 'facts')
      return this.#addEvent(frame, 'not-recorded', { code: frame.reason, count: frame.count });
    let record: LogRecord;
    try {
      record = decodeRecord(frame.payload);
    } catch (error) {
      if (!isLeakproofError(error)) throw error;
      return this.#addEvent(frame, 'unknown-record', { code: error.code, count: frame.count });
    }
    if (record.type === 'access') return this.#addAccess(frame, record);
    if (record.type === 'end') return this.#addEnds(frame, record);
    const us = this.#timeOf(frame, record.time);
    if (record.type === 'gap') return this.#addEvent(frame, 'gap', { code: record.code, us });
    const { server, operation, principal, code } = record;
    const token = principal.token === undefined ? undefined : token64(principal.token);
    this.#addEvent(frame, 'refusal', { us, server, operation, principalKind: principal.kind, principal: token, code });
  }

  /** Records what a reader of the log could not yield. */
  passOver({ writer, segment, offset, facts, why }: PassedOver, nowMs: number): void {
    if (why !== 'damaged' && why !== 'unknown-kind') return;
    const place = { writer, segment, position: offset, node: '' };
    this.events.push({ us: nowMs * 1000, type: 'damaged', code: why, count: facts, ...place });
  }

  #addAccess(frame: LogFrame, record: AccessRecord): void {
    const us = BigInt(this.#timeOf(frame, record.time));
    const number = this.#numberOf(frame, record.request);
    const principal = record.principal.token === undefined ? null : token64(record.principal.token);
    const add = (shape: number, owner: bigint | null): void => {
      this.rows.us.push(us);
      this.rows.request.push(BigInt(number));
      this.rows.principal.push(principal);
      this.rows.owner.push(owner);
      this.rows.shape.push(shape);
      this.rows.ended.push(0);
    };
    const start = this.rows.us.length;
    for (const facts of record.facts) {
      const shape = this.#shapeOf(frame.node, record, facts);
      for (const token of facts.tokens) add(shape, token64(token));
    }
    if (this.rows.us.length === start) add(this.#shapeOf(frame.node, record, undefined), null);
    const key = `${frame.node} ${number}`;
    const indexes = this.#unfinished.get(key) ?? [];
    for (let index = start; index < this.rows.us.length; index++) indexes.push(index);
    this.#unfinished.set(key, indexes);
  }

  /** Parts of one response have one number: the sequence number of its first record. */
  #numberOf(frame: LogFrame, request: string): number {
    let requests = this.#open.get(frame.writer);
    if (!requests) this.#open.set(frame.writer, (requests = new Map()));
    const number = requests.get(request) ?? frame.sequence;
    requests.set(request, number);
    return number;
  }

  #addEnds(frame: LogFrame, { requests, ended }: EndRecord): void {
    const open = this.#open.get(frame.writer);
    const code: Ended = ended === 'complete' ? 'complete' : 'cut-off';
    for (const request of requests) {
      const number = open?.get(request);
      if (number === undefined) continue;
      open?.delete(request);
      const key = `${frame.node} ${number}`;
      // Parts of the response may have been rolled before: the end is an event too, unless all of it is here.
      const indexes = this.#unfinished.get(key);
      for (const index of indexes ?? []) this.rows.ended[index] = ENDED.indexOf(code);
      this.#unfinished.delete(key);
      if (indexes === undefined || number < (this.#first.get(frame.node) ?? 0))
        this.#addEvent(frame, 'end', { request: number, code });
    }
  }

  #isNew({ node, sequence }: LogFrame): boolean {
    let filter = this.#filters.get(node);
    if (!filter) {
      this.#filters.set(node, (filter = new SequenceFilter()));
      this.#first.set(node, sequence);
    }
    return filter.admit(sequence) === 'new';
  }

  #shapeOf(node: string, record: AccessRecord, facts: AccessRecord['facts'][number] | undefined): number {
    const cells: Cell[] = [
      node,
      record.server,
      record.operation,
      record.principal.kind,
      facts?.owner ?? null,
      facts?.role ?? null,
      facts?.about ?? false,
      facts?.resource ?? null,
      joinNames(facts?.relations ?? []),
      joinNames(facts?.states ?? []),
      joinNames(facts?.seen ?? []),
      joinNames(facts?.exposed ?? []),
      joinNames(facts?.withheld ?? []),
      facts?.undeclared ?? 0,
      record.contract,
      record.mode,
    ];
    const key = JSON.stringify(cells);
    let id = this.#shapeIds.get(key);
    if (id === undefined) {
      this.#shapeIds.set(key, (id = this.shapes.length));
      this.shapes.push(cells);
    }
    return id;
  }

  /** Microseconds of the record, or of its frame if the record's are impossible. */
  #timeOf(frame: LogFrame, ms: unknown): number {
    if (typeof ms === 'number' && Number.isInteger(ms) && ms >= 0 && ms <= MAX_MS) return ms * 1000;
    this.#addEvent(frame, 'impossible-time', {});
    return Math.min(frame.time, MAX_MS) * 1000;
  }

  #addEvent(frame: LogFrame, type: EventType, more: Partial<EventRow>): void {
    const { node, writer, segment, offset, time } = frame;
    const us = Math.min(time, MAX_MS) * 1000;
    this.events.push({ us, type, node, count: 1, writer, segment, position: offset, ...more });
  }
}
