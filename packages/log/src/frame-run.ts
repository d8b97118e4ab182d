import type { AppendResult, AppendRefusal } from './fact-log.ts';
import { FRAME_HEADER_BYTES } from './format.ts';
import { type FrameFields, writeFrame } from './frame.ts';
import { type Slab, Slabs } from './slabs.ts';

interface Waiting {
  readonly answer: (answer: AppendResult) => void;
  readonly sequence: number;
  /** From the start of the run. */
  readonly offset: number;
  readonly count: number;
}

/** Frames encoded in one turn, in order: written together, answered together. */
export class FrameRun {
  readonly buffers: Uint8Array[] = [];
  startedMs = 0;
  bytes = 0;
  facts = 0;
  firstSequence = 0;
  lastSequence = 0;
  /** True once its blocks have receipts: from then on it may not be dropped before it is on disk. */
  acknowledged = false;
  #waiting: Waiting[] = [];
  readonly #home: Slabs;
  readonly #slabs: Slab[] = [];
  constructor(home: Slabs) {
    this.#home = home;
  }
  get unanswered(): boolean {
    return this.#waiting.length > 0;
  }
  wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }
  /** Frames of the run, in memory that is the run's until `giveBack`. */
  hold(slab: Slab, start: number, end: number): void {
    slab.users += 1;
    this.#slabs.push(slab);
    this.buffers.push(slab.bytes.subarray(start, end));
  }
  /** Lets go of the memory, once all of it is on disk: what `buffers` held is overwritten. */
  giveBack(): void {
    this.buffers.length = 0;
    for (const slab of this.#slabs) this.#home.giveBack(slab);
    this.#slabs.length = 0;
  }
  /** Gives every block its receipt, for a run that starts at `offset` of `segment`. Returns the facts acknowledged. */
  acknowledge(segment: number, offset: number): number {
    this.acknowledged = true;
    let facts = 0;
    for (const { answer, sequence, offset: within, count } of this.#take()) {
      facts += count;
      answer({ ok: true, segment, sequence, offset: offset + within });
    }
    return facts;
  }
  /** Refuses every block still waiting. Returns the facts refused. */
  refuse(refusal: AppendRefusal): number {
    let facts = 0;
    for (const { answer, count } of this.#take()) {
      facts += count;
      answer(refusal);
    }
    return facts;
  }
  #take(): readonly Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}

/** Encodes frames into slabs of memory, cut into runs without copying. */
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
  /** Encodes one frame; `answer`, if given, is called when its fate is known. */
  add(fields: FrameFields, payload: Uint8Array, answer?: (answer: AppendResult) => void): void {
    const run = this.#run;
    const size = FRAME_HEADER_BYTES + payload.byteLength;
    if (size > this.#slab.bytes.byteLength - this.#end) this.#renew(size);
    this.#end = writeFrame(this.#slab.bytes, this.#end, fields, payload, this.#seed);
    if (answer) run.wait({ answer, sequence: fields.sequence, offset: run.bytes, count: fields.count });
    if (run.bytes === 0) {
      run.startedMs = this.#clockMs();
      run.firstSequence = fields.sequence;
    }
    run.bytes += size;
    run.facts += fields.count;
    run.lastSequence = fields.sequence;
  }
  /** Ends the run and starts the next one. */
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
