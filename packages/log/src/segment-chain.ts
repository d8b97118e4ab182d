import type { Disk } from './disk.ts';
import { SEGMENT_HEADER_BYTES } from './format.ts';
import type { FrameRun } from './frame-run.ts';
import type { Recovered } from './recover-writer.ts';
import type { ChainPoint } from './segment-header.ts';
import { Segment } from './segment.ts';

export interface ChainSettings {
  readonly directory: string;
  readonly node: Uint8Array;
  readonly seed: number;
  readonly disk: Disk;
  readonly segmentBytes: number;
  /** Zeros written after the frames in advance; 0 for none. */
  readonly preallocateBytes: number;
  readonly syncWithinMs: number;
  /** True: blocks are acknowledged when they are on disk; false: when the operating system has them. */
  readonly strict: boolean;
  readonly now: () => number;
  readonly clockMs: () => number;
}

interface Unsynced {
  readonly run: FrameRun;
  readonly offset: number;
}

/**
 * The segments of one writer: which runs were written where, and which are on disk. After an error a run may or may not have been
 * written; `replace` then begins a new segment with everything that is not known to be on disk. Calls must not overlap,
 * except for `sync`.
 */
export class SegmentChain {
  readonly #settings: ChainSettings;
  #previous: ChainPoint;
  #nextSegment: number;
  #segment: Segment | undefined;
  /** Runs in `#segment` that are not known to be on disk; without a segment: the runs that the next one begins with. */
  #unsynced: Unsynced[] = [];
  #unsyncedSinceMs = 0;
  #syncStartedMs = 0;
  #abandoned: { readonly segment: Segment; readonly keepBytes: number }[] = [];
  #syncedSequence: number;
  readonly counts = { recorded: 0, unsyncedBytes: 0, syncs: 0, lateSyncs: 0, abandoned: 0 };

  constructor(settings: ChainSettings, recovered: Recovered) {
    this.#settings = settings;
    this.#previous = recovered.previous;
    this.#nextSegment = recovered.nextSegment;
    this.#syncedSequence = recovered.nextSequence - 1;
  }

  get segment(): number {
    return this.#segment?.number ?? 0;
  }
  get hasFailed(): boolean {
    return this.#segment?.failed !== undefined;
  }
  get hasUnsynced(): boolean {
    return this.#segment !== undefined && this.#unsynced.length > 0;
  }
  get syncing(): boolean {
    return this.#segment?.syncing !== undefined;
  }
  /** The last sequence number that is on disk or waiting for it. */
  get lastSequence(): number {
    return this.#unsynced.at(-1)?.run.lastSequence ?? this.#syncedSequence;
  }

  /** Appends a run, in a new segment if the current one is full. Synchronous if the disk is and the segment is not full. */
  put(run: FrameRun): void | Promise<void> {
    const segment = this.#segment;
    const { segmentBytes, preallocateBytes } = this.#settings;
    const fits = segment && segment.length + run.bytes <= segmentBytes;
    if (!fits || segment.failed) return this.#putInNext(run);
    const offset = segment.length;
    const left = segmentBytes - offset - run.bytes;
    const writing = segment.write(run.buffers, Math.min(preallocateBytes, left));
    if (writing) return writing.then(() => this.#written(segment, { run, offset }));
    this.#written(segment, { run, offset });
  }

  /** Syncs what is written so far. Does not throw: see `hasFailed`. */
  async sync(): Promise<void> {
    const segment = this.#segment;
    if (segment === undefined || segment.failed || segment.syncing) return;
    const covered = this.#unsynced.length;
    try {
      await this.#syncSegment(segment);
    } catch {
      return;
    }
    if (segment === this.#segment) this.#settle(covered);
  }

  /** Abandons the current segment and begins a new one with all runs that are not known to be on disk, and `run`. */
  async replace(run?: FrameRun): Promise<void> {
    await this.#saveWritten();
    this.#abandon();
    const runs = this.#unsynced.map((unsynced) => unsynced.run);
    if (run && run.bytes > 0) runs.push(run);
    const fresh = await this.#create(runs);
    try {
      await fresh.sync();
    } catch (error) {
      void fresh.giveUp(0);
      throw error;
    }
    this.#segment = fresh;
    this.counts.syncs += 1;
    this.#unsynced = placed(runs);
    this.counts.unsyncedBytes = totalBytes(runs);
    this.#settle(runs.length);
    for (const { segment, keepBytes } of this.#abandoned) void segment.giveUp(keepBytes);
    this.#abandoned = [];
  }

  /** Syncs, seals and closes the current segment, if there is one. */
  async seal(): Promise<void> {
    const segment = this.#segment;
    if (segment === undefined) return;
    await segment.syncing?.catch(() => undefined);
    if (segment.failed) throw segment.failed;
    const point = await segment.seal(this.lastSequence + 1, this.#settings.now(), this.#settings.seed);
    await this.#syncSegment(segment);
    this.#settle(this.#unsynced.length);
    this.#previous = point;
    this.#segment = undefined;
    await segment.close();
  }

  /** Removes and returns the runs without receipts. */
  dropUnacknowledged(): readonly FrameRun[] {
    const dropped = this.#unsynced.filter(({ run }) => !run.acknowledged).map(({ run }) => run);
    this.#unsynced = this.#unsynced.filter(({ run }) => run.acknowledged);
    this.counts.unsyncedBytes -= totalBytes(dropped);
    return dropped;
  }

  /** The runs with pending blocks. */
  unanswered(): readonly FrameRun[] {
    return this.#unsynced.map(({ run }) => run).filter((run) => run.isUnanswered);
  }

  /** When the current sync began. */
  syncStartedMs(): number | undefined {
    return this.syncing ? this.#syncStartedMs : undefined;
  }

  async #putInNext(run: FrameRun): Promise<void> {
    await this.seal();
    this.#segment = await this.#create([run]);
    this.#written(this.#segment, { run, offset: SEGMENT_HEADER_BYTES });
  }

  async #create(runs: readonly FrameRun[]): Promise<Segment> {
    const { disk, directory, node, now } = this.#settings;
    const segment = this.#nextSegment++;
    const firstSequence = runs[0]?.firstSequence ?? this.lastSequence + 1;
    const header = { node, segment, time: now(), firstSequence, previous: this.#previous };
    const buffers = runs.flatMap((run) => run.buffers);
    return Segment.create({ disk, directory }, header, buffers);
  }

  #written(segment: Segment, unsynced: Unsynced): void {
    if (segment.failed) throw segment.failed;
    if (this.#unsynced.length === 0) this.#unsyncedSinceMs = this.#settings.clockMs();
    this.#unsynced.push(unsynced);
    this.counts.unsyncedBytes += unsynced.run.bytes;
    if (!this.#settings.strict) this.counts.recorded += unsynced.run.acknowledge(segment.number, unsynced.offset);
  }

  async #syncSegment(segment: Segment): Promise<void> {
    this.#syncStartedMs = this.#settings.clockMs();
    await segment.sync();
    this.counts.syncs += 1;
    const late = this.#settings.clockMs() - this.#unsyncedSinceMs > this.#settings.syncWithinMs;
    if (late && this.#unsynced.length > 0) this.counts.lateSyncs += 1;
    this.#unsyncedSinceMs = this.#syncStartedMs;
  }

  /** The first `count` unsynced runs are on disk. */
  #settle(count: number): void {
    for (const { run, offset } of this.#unsynced.splice(0, count)) {
      this.counts.unsyncedBytes -= run.bytes;
      this.counts.recorded += run.acknowledge(this.segment, offset);
      this.#syncedSequence = run.lastSequence;
      run.releaseMemory();
    }
  }

  /** Syncs what was written before a failed write: it need not be written again, for which a full disk has no space. */
  async #saveWritten(): Promise<void> {
    const segment = this.#segment;
    await segment?.syncing?.catch(() => undefined);
    if (segment === undefined || segment.failed || this.#unsynced.length === 0) return;
    const covered = this.#unsynced.length;
    try {
      await this.#syncSegment(segment);
    } catch {
      return;
    }
    this.#settle(covered);
  }

  #abandon(): void {
    const segment = this.#segment;
    if (segment === undefined) return;
    const safe = segment.safePoint();
    this.#previous = safe ?? this.#previous;
    this.#abandoned.push({ segment, keepBytes: safe?.length ?? 0 });
    this.#segment = undefined;
    this.counts.abandoned += 1;
  }
}

/** The offsets of runs in a segment that begins with them. */
function placed(runs: readonly FrameRun[]): Unsynced[] {
  let offset = SEGMENT_HEADER_BYTES;
  return runs.map((run) => {
    const unsynced = { run, offset };
    offset += run.bytes;
    return unsynced;
  });
}

function totalBytes(runs: readonly FrameRun[]): number {
  return runs.reduce((bytes, run) => bytes + run.bytes, 0);
}
