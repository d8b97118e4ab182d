import type { AppendResult, AppendRefusal } from './fact-log.ts';
import { FRAME_HEADER_BYTES } from './format.ts';
import { type FrameFields, writeFrame } from './frame.ts';
import { type Slab, Slabs } from './slabs.ts';

interface PendingBlock {
  readonly resolve: (result: AppendResult) => void;
  readonly sequence: number;
  /** Relative to the start of the run. */
  readonly offset: number;
  readonly count: number;
}

/** Frames encoded in one turn, in order: written and answered together. */
export class FrameRun {
  readonly buffers: Uint8Array[] = [];
  startedMs = 0;
  bytes = 0;
  facts = 0;
  firstSequence = 0;
  lastSequence = 0;
  /** True once its blocks have receipts: then it must not be dropped before it is on disk. */
  acknowledged = false;
  #pending: PendingBlock[] = [];
  readonly #owner: Slabs;
  readonly #slabs: Slab[] = [];
  constructor(home: Slabs) {
    this.#owner = home;
  }
  get isUnanswered(): boolean {
    return this.#pending.length > 0;
  }
  addPending(block: PendingBlock): void {
    this.#pending.push(block);
  }
  /** Adds frames, in memory that the run keeps until `releaseMemory`. */
  hold(slab: Slab, start: number, end: number): void {
    slab.users += 1;
    this.#slabs.push(slab);
    this.buffers.push(slab.bytes.subarray(start, end));
  }
  /** Returns the memory once everything is on disk; it will be overwritten. */
  releaseMemory(): void {
    this.buffers.length = 0;
    for (const slab of this.#slabs) this.#owner.giveBack(slab);
    this.#slabs.length = 0;
  }
  /** Resolves every block with its receipt, for a run that begins at `offset` of `segment`. Returns the number of facts. */
  acknowledge(segment: number, offset: number): number {
    this.acknowledged = true;
    let facts = 0;
    for (const { resolve, sequence, offset: within, count } of this.#takePending()) {
      facts += count;
      resolve({ ok: true, segment, sequence, offset: offset + within });
    }
    return facts;
  }
  /** Resolves every pending block with the refusal. Returns the number of facts. */
  refuse(refusal: AppendRefusal): number {
    let facts = 0;
    for (const { resolve, count } of this.#takePending()) {
      facts += count;
      resolve(refusal);
    }
    return facts;
  }
  #takePending(): readonly PendingBlock[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}

/** Encodes frames into slabs of memory, and divides them into runs without copying. */
export class FrameEncoder {
  readonly #slabs = new Slabs();
  readonly #seed: number;
  readonly #clockMs: () => number;
  #slab = this.#slabs.take(0);
  #start = 0;
  #end = 0;
  #run = new FrameRun(this.#slabs);
  constructor(seed: number, clockMs: () => number) {
    this.#seed = seed;
    this.#clockMs = clockMs;
  }
  /** The run being filled. */
  get run(): FrameRun {
    return this.#run;
  }
  /** Encodes one frame; `resolve` is called when it is acknowledged or refused. */
  add(fields: FrameFields, payload: Uint8Array, resolve?: (result: AppendResult) => void): void {
    const run = this.#run;
    const size = FRAME_HEADER_BYTES + payload.byteLength;
    if (size > this.#slab.bytes.byteLength - this.#end) this.#renew(size);
    this.#end = writeFrame(this.#slab.bytes, this.#end, fields, payload, this.#seed);
    if (resolve) run.addPending({ resolve, sequence: fields.sequence, offset: run.bytes, count: fields.count });
    if (run.bytes === 0) {
      run.startedMs = this.#clockMs();
      run.firstSequence = fields.sequence;
    }
    run.bytes += size;
    run.facts += fields.count;
    run.lastSequence = fields.sequence;
  }
  /** Ends the run and begins the next one. */
  take(): FrameRun {
    this.#cut();
    const run = this.#run;
    this.#run = new FrameRun(this.#slabs);
    return run;
  }
  #renew(size: number): void {
    this.#cut();
    this.#slabs.giveBack(this.#slab);
    this.#slab = this.#slabs.take(size);
    this.#start = 0;
    this.#end = 0;
  }
  #cut(): void {
    if (this.#end > this.#start) this.#run.hold(this.#slab, this.#start, this.#end);
    this.#start = this.#end;
  }
}
