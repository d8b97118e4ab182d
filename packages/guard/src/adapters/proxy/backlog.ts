import type { ErrorCode } from '@leakproof/core';
import type { BodyPart } from '@leakproof/http';
import type { Limits } from '../../limits.ts';
import { Turns } from './turns.ts';

export type BacklogLimits = Pick<Limits, 'maxBacklogBytes' | 'maxBacklogBodies' | 'maxBodyBytes'>;

/** What a chunk takes besides its bytes, at most: a body can come in many small ones. */
const BYTES_PER_CHUNK = 128;

/** At least so many bytes are judged in one turn, if as many wait. */
const PART_BYTES = 64 * 1024;

/** The responses that were forwarded and wait to be judged: their number and bytes are bounded. */
export class Backlog {
  readonly turns = new Turns();
  readonly #limits: BacklogLimits;
  #bytes = 0;
  #bodies = 0;

  constructor(limits: BacklogLimits) {
    this.#limits = limits;
  }

  /** Bytes that wait now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Responses of which something waits, or is being judged. */
  get bodies(): number {
    return this.#bodies;
  }

  copy(): ResponseCopy {
    return new ResponseCopy(this);
  }

  openBody(): boolean {
    if (this.#bodies >= this.#limits.maxBacklogBodies) return false;
    this.#bodies++;
    return true;
  }

  closeBody(): void {
    this.#bodies--;
  }

  /** `waiting`: the bytes of the same response that wait already. */
  add(bytes: number, waiting: number): boolean {
    const { maxBacklogBytes, maxBodyBytes } = this.#limits;
    if (waiting + bytes > maxBodyBytes || this.#bytes + bytes > maxBacklogBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** A copy of a response body that is forwarded, until it is judged. It ends early if there is no room for more. */
export class ResponseCopy {
  readonly #backlog: Backlog;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isOpen = false;
  /** No more is added: the body has ended, or why the copy has. */
  #end: 'whole' | ErrorCode | undefined;
  #isStopped = false;
  #wake: (() => void) | undefined;

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  /** Adds what was sent to the client. `chunk` must not change. */
  add(chunk: Uint8Array): void {
    if (this.#end || chunk.length === 0) return;
    this.#isOpen ||= this.#backlog.openBody();
    if (this.#isOpen && this.#backlog.add(costOf(chunk), this.#bytes)) {
      this.#chunks.push(chunk);
      this.#bytes += costOf(chunk);
      this.#wakeUp();
    } else this.end('LP-BACKLOG-FULL');
  }

  /** No more follows. */
  end(how: 'whole' | ErrorCode): void {
    this.#end ??= how;
    this.#wakeUp();
  }

  /** The next bytes or the end, when it is this response's turn. */
  async next(): Promise<BodyPart> {
    await this.#available();
    await this.#backlog.turns.next();
    const chunks = this.#take();
    const isDrained = this.#chunks.length === 0 && this.#end !== undefined;
    if (isDrained && (chunks.length === 0 || this.#end === 'whole')) this.stop();
    if (chunks.length === 0 && this.#end && this.#end !== 'whole') return { failed: this.#end };
    return { chunks, isLast: isDrained && this.#end === 'whole' };
  }

  /** Waits for the first byte or the end; true if the body has no byte. */
  async isEmpty(): Promise<boolean> {
    await this.#available();
    return this.#chunks.length === 0 && this.#end === 'whole';
  }

  /** Nothing more is read: gives back the room in the backlog. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#end ??= 'whole';
    this.#backlog.remove(this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    if (this.#isOpen) this.#backlog.closeBody();
    this.#wakeUp();
  }

  #available(): Promise<void> | undefined {
    if (this.#chunks.length > 0 || this.#end) return undefined;
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #take(): readonly Uint8Array[] {
    let bytes = 0;
    let count = 0;
    for (const chunk of this.#chunks) {
      if (bytes >= PART_BYTES) break;
      bytes += costOf(chunk);
      count++;
    }
    this.#bytes -= bytes;
    this.#backlog.remove(bytes);
    return this.#chunks.splice(0, count);
  }
}

function costOf(chunk: Uint8Array): number {
  return chunk.length + BYTES_PER_CHUNK;
}
