import { LeakproofError } from '@leakproof/core';
import { refusalOf } from './disk-fault.ts';
import type { AppendResult, FactBlock, FactLog, Gap, LogStatus, AppendRefusal, Trouble } from './fact-log.ts';
import { FRAME_KIND, MAX_PAYLOAD_BYTES } from './format.ts';
import { FrameEncoder, type FrameRun } from './frame-run.ts';
import type { Recovered } from './recover-writer.ts';
import { encodeRefusedNote } from './refused-frame.ts';
import { type ChainSettings, SegmentChain } from './segment-chain.ts';

export interface WriterSettings extends ChainSettings {
  readonly writer: string;
  readonly recovered: Recovered;
  readonly answerWithinMs: number;
  readonly retryEveryMs: number;
  readonly maxUnsyncedBytes: number;
  readonly onTrouble: (trouble: Trouble) => void;
  readonly release: () => void;
}

const CLOSED: AppendRefusal = { ok: false, code: 'LP-LOG-CLOSED', detail: 'the log has been closed' };
const MAX_COUNT = 0xffff_ffff;
const MAX_REASON_BYTES = 1024;
/** The value of `#working` while a synchronous disk works: it has finished before `flush` returns. */
const SYNCHRONOUS = Promise.resolve();

/**
 * Queues blocks, and decides when they are written, synced, refused and retried. Everything that changes a segment runs inside
 * `#work`, one step at a time; only syncs run concurrently.
 */
export class LogWriter implements FactLog {
  readonly directory: string;
  readonly writer: string;
  readonly node: string;
  readonly #settings: WriterSettings;
  readonly #chain: SegmentChain;
  readonly #encoder: FrameEncoder;
  #nextSequence: number;
  /** The run being written. */
  #current: FrameRun | undefined;
  #working: Promise<void> | undefined;
  #scheduled = false;
  #syncDue = false;
  #retryDue = false;
  #closed = false;
  #diskRefusal: AppendRefusal | undefined;
  #slowRefusal: AppendRefusal | undefined;
  #refused = 0;
  /** Refused facts that no `refused` frame mentions yet, and why they were refused. */
  #unrecorded = 0;
  #reason: AppendRefusal['code'] = 'LP-LOG-WRITE';
  #syncTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #deadlineTimer: NodeJS.Timeout | undefined;

  constructor(settings: WriterSettings) {
    this.#settings = settings;
    this.directory = settings.directory;
    this.writer = settings.writer;
    this.node = Buffer.from(settings.node).toString('hex');
    this.#chain = new SegmentChain(settings, settings.recovered);
    this.#encoder = new FrameEncoder(settings.seed, settings.clockMs);
    this.#nextSequence = settings.recovered.nextSequence;
  }

  append({ count, payload }: FactBlock): Promise<AppendResult> {
    checkCount(count);
    if (payload.byteLength > MAX_PAYLOAD_BYTES) throw badBlock(`a payload of ${payload.byteLength} bytes`);
    return this.#enqueue(FRAME_KIND.facts, count, payload);
  }

  appendGap({ count, reason }: Gap): Promise<AppendResult> {
    checkCount(count);
    const payload = Buffer.from(reason);
    if (payload.byteLength > MAX_REASON_BYTES) throw badBlock(`a reason of ${payload.byteLength} bytes`);
    return this.#enqueue(FRAME_KIND.gap, count, payload);
  }

  flush(): void {
    if (this.#working === undefined) {
      this.#working = SYNCHRONOUS;
      const working = this.#work();
      if (working) this.#working = working.then(() => this.#afterWork());
      else this.#afterWork();
    }
    this.#startDeadlineTimer();
  }

  status(): LogStatus {
    return {
      writer: this.writer,
      node: this.node,
      segment: this.#chain.segment,
      refusing: this.#refusal(),
      refused: this.#refused,
      ...this.#chain.counts,
      repaired: this.#settings.recovered.repair,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const failure = await this.#withinDeadline(this.#finish());
    for (const timer of [this.#syncTimer, this.#retryTimer, this.#deadlineTimer]) clearTimeout(timer);
    if (failure?.code !== 'LP-LOG-SLOW') this.#settings.release();
    if (failure) throw new LeakproofError(failure.code, `The log was closed without a seal: ${failure.detail}.`);
  }

  #enqueue(kind: number, count: number, payload: Uint8Array): Promise<AppendResult> {
    const refusal = this.#refusal();
    if (refusal) {
      this.#countRefused(count, refusal);
      return Promise.resolve(refusal);
    }
    return new Promise((resolve) => {
      this.#encode(kind, count, payload, resolve);
    });
  }

  // oxlint-disable-next-line max-params -- called for each block: an object would be allocated each time
  #encode(kind: number, count: number, payload: Uint8Array, resolve?: (result: AppendResult) => void): void {
    const fields = { kind, count, sequence: this.#nextSequence++, time: this.#settings.now() };
    this.#encoder.add(fields, payload, resolve);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  #refusal(): AppendRefusal | undefined {
    const current = this.#closed ? CLOSED : (this.#diskRefusal ?? this.#slowRefusal);
    if (current) return current;
    const unsyncedBytes = this.#chain.counts.unsyncedBytes + this.#encoder.run.bytes;
    if (unsyncedBytes < this.#settings.maxUnsyncedBytes) return undefined;
    return { ok: false, code: 'LP-LOG-SLOW', detail: `${unsyncedBytes} bytes are waiting for the disk` };
  }

  #countRefused(facts: number, refusal: AppendRefusal): void {
    this.#refused += facts;
    this.#unrecorded += facts;
    this.#reason = refusal.code;
  }

  /** Writes one run for each turn. Blocks appended in reaction to receipts wait for the next, or the loop would never end. */
  #work(): void | Promise<void> {
    if (this.#diskRefusal && this.#retryDue) return this.#recover();
    if (this.#chain.hasFailed || this.#encoder.run.bytes > 0) return this.#writeRun(this.#encoder.take());
  }

  /** Schedules what follows a turn's work. */
  #afterWork(): void {
    this.#working = undefined;
    this.#current = undefined;
    this.#endSlowness();
    if (this.#encoder.run.bytes > 0 || this.#chain.hasFailed || (this.#diskRefusal && this.#retryDue)) this.#schedule();
    if (this.#chain.syncing || !this.#chain.hasUnsynced || this.#closed) return;
    if (this.#settings.strict || this.#syncDue) void this.#sync();
    else this.#syncTimer ??= setTimeout(() => this.#syncAfterWork(), this.#settings.syncWithinMs / 2);
  }

  #syncAfterWork(): void {
    this.#syncTimer = undefined;
    if (this.#working) this.#syncDue = true;
    else void this.#sync();
  }

  async #sync(): Promise<void> {
    this.#syncDue = false;
    const syncing = this.#chain.sync();
    this.#startDeadlineTimer();
    await syncing;
    this.#endSlowness();
    // The next turn first writes what callers append in reaction to their receipts, so that one sync covers all of it.
    if (this.#chain.hasUnsynced || this.#chain.hasFailed || this.#settings.strict) this.#schedule();
  }

  #writeRun(run: FrameRun): void | Promise<void> {
    this.#current = run;
    if (this.#diskRefusal) {
      this.#refuseRun(run, this.#diskRefusal);
      return;
    }
    try {
      return this.#chain.put(run)?.catch((cause: unknown) => this.#moveToNewSegment(run, cause));
    } catch (cause) {
      return this.#moveToNewSegment(run, cause);
    }
  }

  async #moveToNewSegment(run: FrameRun, cause: unknown): Promise<void> {
    const { code, detail } = refusalOf(cause);
    this.#settings.onTrouble({ state: 'abandoned-segment', code, detail });
    try {
      await this.#chain.replace(run);
    } catch (again) {
      this.#startRefusing(refusalOf(again), run);
    }
  }

  /** Segment and replacement have failed: refuses until a retry succeeds. Receipts stay valid. */
  #startRefusing(refusal: AppendRefusal, run: FrameRun): void {
    this.#diskRefusal = refusal;
    for (const dropped of [...this.#chain.dropUnacknowledged(), run]) this.#refuseRun(dropped, refusal);
    this.#settings.onTrouble({ state: 'refusing', code: refusal.code, detail: refusal.detail });
    this.#retryLater();
  }

  #refuseRun(run: FrameRun, refusal: AppendRefusal): void {
    this.#refused += run.refuse(refusal);
    this.#unrecorded += run.facts;
    this.#reason = refusal.code;
  }

  #retryLater(): void {
    this.#retryTimer = setTimeout(() => {
      this.#retryDue = true;
      this.flush();
    }, this.#settings.retryEveryMs);
    this.#retryTimer.unref();
  }

  async #recover(): Promise<void> {
    this.#retryDue = false;
    const before = this.#unrecorded;
    this.#encodeRefused(this.#chain.lastSequence);
    const noted = before - this.#unrecorded;
    try {
      await this.#chain.replace(this.#encoder.take());
    } catch (cause) {
      this.#unrecorded += noted;
      this.#diskRefusal = refusalOf(cause);
      if (!this.#closed) this.#retryLater();
      return;
    }
    this.#diskRefusal = undefined;
    this.#recovered();
  }

  /** Stops refusing if the log was only slow and nothing is late any more. */
  #endSlowness(): void {
    if (this.#slowRefusal === undefined || this.#working || this.#chain.syncing) return;
    this.#slowRefusal = undefined;
    if (!this.#diskRefusal) this.#recovered();
  }

  #recovered(): void {
    if (this.#unrecorded > 0) this.#encodeRefused(this.#nextSequence - 1);
    this.#settings.onTrouble({ state: 'recovered', code: this.#reason, detail: 'facts are recorded again' });
  }

  /** Writes a note of the refused facts; `after`: the sequence number before it in the log. */
  #encodeRefused(after: number): void {
    const note = encodeRefusedNote({ after, reason: this.#reason });
    const count = Math.min(this.#unrecorded, MAX_COUNT);
    this.#unrecorded -= count;
    this.#encode(FRAME_KIND.refused, count, note);
  }

  /** Runs a timer while anything could become late. */
  #startDeadlineTimer(delayMs: number = this.#settings.answerWithinMs): void {
    if (this.#deadlineTimer || this.#oldestMs() === undefined) return;
    this.#deadlineTimer = setTimeout(() => {
      this.#deadlineTimer = undefined;
      this.#checkDeadline();
    }, delayMs);
  }

  #checkDeadline(): void {
    const oldestMs = this.#oldestMs();
    if (oldestMs === undefined) return;
    const leftMs = oldestMs + this.#settings.answerWithinMs - this.#settings.clockMs();
    if (leftMs > 0) {
      this.#startDeadlineTimer(leftMs);
      return;
    }
    this.#slowRefusal ??= this.#startSlowness();
    for (const run of this.#unansweredRuns()) this.#refused += run.refuse(this.#slowRefusal);
    this.#startDeadlineTimer();
  }

  #startSlowness(): AppendRefusal {
    const detail = `the disk has not responded for ${this.#settings.answerWithinMs} ms`;
    this.#settings.onTrouble({ state: 'refusing', code: 'LP-LOG-SLOW', detail });
    return { ok: false, code: 'LP-LOG-SLOW', detail };
  }

  /** When the oldest pending write or sync began. */
  #oldestMs(): number | undefined {
    const started = this.#unansweredRuns().map((run) => run.startedMs);
    const syncStartedMs = this.#chain.syncStartedMs();
    if (syncStartedMs !== undefined) started.push(syncStartedMs);
    return started.length > 0 ? Math.min(...started) : undefined;
  }

  #unansweredRuns(): readonly FrameRun[] {
    const runs = [...this.#chain.unanswered(), this.#encoder.run];
    if (this.#current) runs.push(this.#current);
    return runs.filter((run) => run.isUnanswered);
  }

  /** Writes everything to the disk and seals the segment. Returns what prevented it. */
  async #finish(): Promise<AppendRefusal | undefined> {
    this.#retryDue = true;
    while (this.#working || this.#encoder.run.bytes > 0 || (this.#diskRefusal && this.#retryDue)) {
      this.flush();
      await this.#working;
    }
    if (this.#diskRefusal) return this.#diskRefusal;
    try {
      await this.#chain.seal().catch(async () => {
        await this.#chain.replace();
        await this.#chain.seal();
      });
      return undefined;
    } catch (cause) {
      return refusalOf(cause);
    }
  }

  #withinDeadline(finishing: Promise<AppendRefusal | undefined>): Promise<AppendRefusal | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(this.#startSlowness()), this.#settings.answerWithinMs);
      finishing.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > MAX_COUNT) throw badBlock(`a count of ${count}`);
}

function badBlock(what: string): LeakproofError {
  return new LeakproofError('LP-LOG-BLOCK', `The log does not accept ${what}.`);
}
