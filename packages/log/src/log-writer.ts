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
/** Stands for work that a disk which answers at once ends before `flush` returns. */
const AT_ONCE = Promise.resolve();

/**
 * Queues blocks, and decides when they are written, synced, refused and tried again. Everything that touches a segment
 * runs inside `#work`, one step at a time; only syncs run beside it.
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
  #broken: AppendRefusal | undefined;
  #slow: AppendRefusal | undefined;
  #refused = 0;
  /** Facts turned away and not yet mentioned in the log, and why. */
  #unrecorded = 0;
  #reason: AppendRefusal['code'] = 'LP-LOG-WRITE';
  #syncTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #watchTimer: NodeJS.Timeout | undefined;

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
      this.#working = AT_ONCE;
      const working = this.#work();
      if (working) this.#working = working.then(() => this.#rest());
      else this.#rest();
    }
    this.#watch();
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
    const failure = await this.#deadline(this.#finish());
    for (const timer of [this.#syncTimer, this.#retryTimer, this.#watchTimer]) clearTimeout(timer);
    if (failure?.code !== 'LP-LOG-SLOW') this.#settings.release();
    if (failure) throw new LeakproofError(failure.code, `The log was closed without a seal: ${failure.detail}.`);
  }

  #enqueue(kind: number, count: number, payload: Uint8Array): Promise<AppendResult> {
    const refusal = this.#refusal();
    if (refusal) {
      this.#turnAway(count, refusal);
      return Promise.resolve(refusal);
    }
    return new Promise((resolve) => {
      this.#encode(kind, count, payload, resolve);
    });
  }

  #encode(kind: number, count: number, payload: Uint8Array, answer?: (answer: AppendResult) => void): void {
    const fields = { kind, count, sequence: this.#nextSequence++, time: this.#settings.now() };
    this.#encoder.add(fields, payload, answer);
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
    const standing = this.#closed ? CLOSED : (this.#broken ?? this.#slow);
    if (standing) return standing;
    const waiting = this.#chain.counts.unsyncedBytes + this.#encoder.run.bytes;
    if (waiting < this.#settings.maxUnsyncedBytes) return undefined;
    return { ok: false, code: 'LP-LOG-SLOW', detail: `${waiting} bytes are waiting for the disk` };
  }

  #turnAway(facts: number, refusal: AppendRefusal): void {
    this.#refused += facts;
    this.#unrecorded += facts;
    this.#reason = refusal.code;
  }

  /** One run a turn: what callers append on being answered waits for the next, or the event loop would never go on. */
  #work(): void | Promise<void> {
    if (this.#broken && this.#retryDue) return this.#recover();
    if (this.#chain.hasFailed || this.#encoder.run.bytes > 0) return this.#step(this.#encoder.take());
  }

  /** What follows a turn's work. */
  #rest(): void {
    this.#working = undefined;
    this.#current = undefined;
    this.#ease();
    if (this.#encoder.run.bytes > 0 || this.#chain.hasFailed || (this.#broken && this.#retryDue)) this.#schedule();
    if (this.#chain.syncing || !this.#chain.hasUnsynced || this.#closed) return;
    if (this.#settings.strict || this.#syncDue) void this.#sync();
    else this.#syncTimer ??= setTimeout(() => this.#syncSoon(), this.#settings.syncWithinMs / 2);
  }

  #syncSoon(): void {
    this.#syncTimer = undefined;
    if (this.#working) this.#syncDue = true;
    else void this.#sync();
  }

  async #sync(): Promise<void> {
    this.#syncDue = false;
    const syncing = this.#chain.sync();
    this.#watch();
    await syncing;
    this.#ease();
    // The next turn first writes what the callers answered just now append, so that one sync covers all of it.
    if (this.#chain.hasUnsynced || this.#chain.hasFailed || this.#settings.strict) this.#schedule();
  }

  #step(run: FrameRun): void | Promise<void> {
    this.#current = run;
    if (this.#broken) {
      this.#forget(run, this.#broken);
      return;
    }
    try {
      return this.#chain.put(run)?.catch((cause: unknown) => this.#putElsewhere(run, cause));
    } catch (cause) {
      return this.#putElsewhere(run, cause);
    }
  }

  async #putElsewhere(run: FrameRun, cause: unknown): Promise<void> {
    const { code, detail } = refusalOf(cause);
    this.#settings.onTrouble({ state: 'abandoned-segment', code, detail });
    try {
      await this.#chain.replace(run);
    } catch (again) {
      this.#break(refusalOf(again), run);
    }
  }

  /** Both the segment and its replacement failed: refuse until a later try succeeds. Receipts given stay good. */
  #break(refusal: AppendRefusal, run: FrameRun): void {
    this.#broken = refusal;
    for (const dropped of [...this.#chain.dropUnacknowledged(), run]) this.#forget(dropped, refusal);
    this.#settings.onTrouble({ state: 'refusing', code: refusal.code, detail: refusal.detail });
    this.#retryLater();
  }

  #forget(run: FrameRun, refusal: AppendRefusal): void {
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
    const told = before - this.#unrecorded;
    try {
      await this.#chain.replace(this.#encoder.take());
    } catch (cause) {
      this.#unrecorded += told;
      this.#broken = refusalOf(cause);
      if (!this.#closed) this.#retryLater();
      return;
    }
    this.#broken = undefined;
    this.#recovered();
  }

  /** If the log was only slow, and nothing is late any more, go on. */
  #ease(): void {
    if (this.#slow === undefined || this.#working || this.#chain.syncing) return;
    this.#slow = undefined;
    if (!this.#broken) this.#recovered();
  }

  #recovered(): void {
    if (this.#unrecorded > 0) this.#encodeRefused(this.#nextSequence - 1);
    this.#settings.onTrouble({ state: 'recovered', code: this.#reason, detail: 'facts are recorded again' });
  }

  /** Leaves a note of what was turned away; `after` is the sequence number it follows in the log. */
  #encodeRefused(after: number): void {
    const note = encodeRefusedNote({ after, reason: this.#reason });
    const told = Math.min(this.#unrecorded, MAX_COUNT);
    this.#unrecorded -= told;
    this.#encode(FRAME_KIND.refused, told, note);
  }

  /** Keeps a timer running while anything could become late. */
  #watch(delayMs: number = this.#settings.answerWithinMs): void {
    if (this.#watchTimer || this.#oldestMs() === undefined) return;
    this.#watchTimer = setTimeout(() => {
      this.#watchTimer = undefined;
      this.#look();
    }, delayMs);
  }

  #look(): void {
    const oldestMs = this.#oldestMs();
    if (oldestMs === undefined) return;
    const leftMs = oldestMs + this.#settings.answerWithinMs - this.#settings.clockMs();
    if (leftMs > 0) {
      this.#watch(leftMs);
      return;
    }
    this.#slow ??= this.#becomeSlow();
    for (const run of this.#openRuns()) this.#refused += run.refuse(this.#slow);
    this.#watch();
  }

  #becomeSlow(): AppendRefusal {
    const detail = `the disk has not answered for ${this.#settings.answerWithinMs} ms`;
    this.#settings.onTrouble({ state: 'refusing', code: 'LP-LOG-SLOW', detail });
    return { ok: false, code: 'LP-LOG-SLOW', detail };
  }

  /** When the oldest thing that is still under way began. */
  #oldestMs(): number | undefined {
    const started = this.#openRuns().map((run) => run.startedMs);
    const syncStartedMs = this.#chain.syncStartedMs();
    if (syncStartedMs !== undefined) started.push(syncStartedMs);
    return started.length > 0 ? Math.min(...started) : undefined;
  }

  #openRuns(): readonly FrameRun[] {
    const runs = [...this.#chain.unanswered(), this.#encoder.run];
    if (this.#current) runs.push(this.#current);
    return runs.filter((run) => run.unanswered);
  }

  /** Brings everything to the disk and seals it. Returns what prevented it. */
  async #finish(): Promise<AppendRefusal | undefined> {
    this.#retryDue = true;
    while (this.#working || this.#encoder.run.bytes > 0 || (this.#broken && this.#retryDue)) {
      this.flush();
      await this.#working;
    }
    if (this.#broken) return this.#broken;
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

  #deadline(finishing: Promise<AppendRefusal | undefined>): Promise<AppendRefusal | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(this.#becomeSlow()), this.#settings.answerWithinMs);
      finishing.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > MAX_COUNT) throw badBlock(`a count of ${count}`);
}

function badBlock(what: string): LeakproofError {
  return new LeakproofError('LP-LOG-BLOCK', `The log does not take ${what}.`);
}
