/** Memory that frames are encoded into. */
export interface Slab {
  readonly bytes: Buffer;
  /** How many runs have frames in it, and one more while it is being filled. */
  users: number;
}

const SLAB_BYTES = 256 * 1024;
const MAX_IDLE = 16;

/** Slabs that are filled again once all in them is on disk: touching fresh memory costs more than encoding into it does. */
export class Slabs {
  readonly #idle: Slab[] = [];

  /** A slab with room for `bytes`, to be filled. */
  take(bytes: number): Slab {
    const idle = bytes <= SLAB_BYTES ? this.#idle.pop() : undefined;
    if (idle) {
      idle.users = 1;
      return idle;
    }
    return { bytes: Buffer.allocUnsafeSlow(Math.max(bytes, SLAB_BYTES)), users: 1 };
  }

  /** One user less. What no run ever gives back is left to the garbage collector. */
  giveBack(slab: Slab): void {
    slab.users -= 1;
    if (slab.users > 0 || slab.bytes.byteLength > SLAB_BYTES || this.#idle.length === MAX_IDLE) return;
    this.#idle.push(slab);
  }
}
