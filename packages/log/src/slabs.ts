/** A block of memory that frames are encoded into. */
export interface Slab {
  readonly bytes: Buffer;
  /** The number of runs with frames in it, plus one while it is being filled. */
  users: number;
}

const SLAB_BYTES = 256 * 1024;
const MAX_IDLE = 16;

/** Slabs are reused once all their frames are on disk: the first access to new memory costs more than encoding into it. */
export class Slabs {
  readonly #idle: Slab[] = [];

  /** A slab with at least `bytes` free. */
  take(bytes: number): Slab {
    const idle = bytes <= SLAB_BYTES ? this.#idle.pop() : undefined;
    if (idle) {
      idle.users = 1;
      return idle;
    }
    return { bytes: Buffer.allocUnsafeSlow(Math.max(bytes, SLAB_BYTES)), users: 1 };
  }

  /** Removes one user. A slab that is never given back is left to the garbage collector. */
  giveBack(slab: Slab): void {
    slab.users -= 1;
    if (slab.users > 0 || slab.bytes.byteLength > SLAB_BYTES || this.#idle.length === MAX_IDLE) return;
    this.#idle.push(slab);
  }
}
