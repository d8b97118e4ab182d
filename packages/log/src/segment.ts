import { createHash, type Hash } from 'node:crypto';
import type { Disk } from './disk.ts';
import { FRAME_HEADER_BYTES, FRAME_KIND, ROOT_BYTES } from './format.ts';
import { writeFrame } from './frame.ts';
import { segmentPath } from './segment-files.ts';
import { type ChainPoint, encodeSegmentHeader, type SegmentHeader } from './segment-header.ts';

const MAX_UNHASHED_BYTES = 1024 * 1024;

/** The most room that one write makes. */
export const MAX_ROOM_BYTES = 1024 * 1024;

const ROOM = Buffer.alloc(MAX_ROOM_BYTES);

/** How far a segment has been written, from which its chain point can be computed. */
interface Mark {
  readonly length: number;
  readonly hash: Hash;
}

/**
 * One file of the log while it is written. After a failed write or sync it is never written again: the kernel may have
 * dropped the pages and forgotten, so a later success would say nothing.
 */
export class Segment {
  readonly number: number;
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  /** Written but not yet in `#hash`: hashed while the disk is busy, so that no block waits for it. */
  #unhashed: Uint8Array[] = [];
  #unhashedBytes = 0;
  #length = 0;
  /** Where the file ends: beyond `#length` stand zeros, to be written over. */
  #fileEnd = 0;
  #named = false;
  #safe: Mark | undefined;
  #syncing: Promise<void> | undefined;
  #failed: Error | undefined;

  private constructor(disk: Disk, directory: string, number: number, file: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.number = number;
    this.#file = file;
  }

  /** Creates the file, with its header and `buffers` in one write. Whatever fails, no file is left if the disk allows. */
  static async create(
    disk: Disk,
    directory: string,
    header: SegmentHeader,
    buffers: readonly Uint8Array[],
  ): Promise<Segment> {
    const file = await disk.create(segmentPath(directory, header.segment));
    const segment = new Segment(disk, directory, header.segment, file);
    try {
      await segment.write([encodeSegmentHeader(header), ...buffers]);
    } catch (error) {
      void segment.giveUp(0);
      throw error;
    }
    return segment;
  }

  /** Why the segment may not be written any more. */
  get failed(): Error | undefined {
    return this.#failed;
  }
  /** The sync under way. */
  get syncing(): Promise<void> | undefined {
    return this.#syncing;
  }
  get length(): number {
    return this.#length;
  }

  /**
   * Appends all of `buffers`; at once if the disk is, otherwise the promise must be awaited before the next write. If they
   * make the file longer, up to `roomBytes` of zeros are put behind them: what is written over zeros changes no length, and
   * is synced without the file system's journal.
   */
  write(buffers: readonly Uint8Array[], roomBytes = 0): void | Promise<void> {
    const total = totalBytes(buffers);
    const grows = roomBytes > 0 && this.#length + total > this.#fileEnd;
    const given = grows ? [...buffers, ROOM.subarray(0, roomBytes)] : buffers;
    const wrote = this.#disk.write(this.#file, given, this.#length);
    if (typeof wrote === 'number' && wrote >= total) this.#extend(buffers, { bytes: total, wrote });
    else return this.#writeRest(buffers, wrote);
  }

  /** Brings to the disk what was written before the call. One at a time. */
  sync(): Promise<void> {
    this.#syncing = this.#sync().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  /** Writes the seal: a frame that holds the SHA-256 of all bytes before it. The segment still has to be synced. */
  async seal(sequence: number, time: number, seed: number): Promise<ChainPoint> {
    const point = { segment: this.number, length: this.#length, root: this.#hashed().digest(), sealed: true };
    if (this.#fileEnd > this.#length) await this.#disk.truncate(this.#file, this.#length);
    this.#fileEnd = this.#length;
    const frame = Buffer.alloc(FRAME_HEADER_BYTES + ROOT_BYTES);
    writeFrame(frame, 0, { kind: FRAME_KIND.seal, count: 0, sequence, time }, point.root, seed);
    await this.write([frame]);
    return point;
  }

  /** The chain point of what is known to be on disk, if anything is. */
  safePoint(): ChainPoint | undefined {
    const safe = this.#safe;
    return safe && { segment: this.number, length: safe.length, root: safe.hash.copy().digest(), sealed: false };
  }

  async close(): Promise<void> {
    await this.#disk.close(this.#file);
  }

  /**
   * Cuts the file to its first `keepBytes`, or removes it if there are none, once a hanging sync has let go of it. Best
   * effort: what stays behind repeats frames that stand in a later segment, and readers pass over it.
   */
  async giveUp(keepBytes: number): Promise<void> {
    await this.#syncing?.catch(() => undefined);
    const cut =
      keepBytes > 0
        ? this.#disk.truncate(this.#file, keepBytes)
        : this.#disk.remove(segmentPath(this.#directory, this.number));
    await cut.catch(() => undefined);
    await this.close().catch(() => undefined);
  }

  async #sync(): Promise<void> {
    const syncing = this.#disk.sync(this.#file);
    const mark = { length: this.#length, hash: this.#hashed() };
    try {
      await syncing;
      if (!this.#named) await this.#disk.syncDirectory(this.#directory);
    } catch (error) {
      this.#failed = error instanceof Error ? error : new Error('sync failed');
      throw error;
    }
    this.#named = true;
    this.#safe = mark;
  }

  async #writeRest(buffers: readonly Uint8Array[], first: number | Promise<number>): Promise<void> {
    const total = totalBytes(buffers);
    let done = await first;
    while (done < total) {
      const more = await this.#disk.write(this.#file, bytesFrom(buffers, done), this.#length + done);
      if (more <= 0) throw Object.assign(new Error('write took nothing'), { code: 'EIO', syscall: 'write' });
      done += more;
    }
    this.#extend(buffers, { bytes: total, wrote: done });
  }

  /** `wrote` counts the room made behind `bytes` too. */
  #extend(buffers: readonly Uint8Array[], { bytes, wrote }: { readonly bytes: number; readonly wrote: number }): void {
    this.#fileEnd = Math.max(this.#fileEnd, this.#length + wrote);
    this.#unhashed.push(...buffers);
    this.#unhashedBytes += bytes;
    this.#length += bytes;
    if (this.#unhashedBytes > MAX_UNHASHED_BYTES) this.#hashed();
  }

  /** The hash of all that is written. */
  #hashed(): Hash {
    for (const buffer of this.#unhashed) this.#hash.update(buffer);
    this.#unhashed = [];
    this.#unhashedBytes = 0;
    return this.#hash.copy();
  }
}

function totalBytes(buffers: readonly Uint8Array[]): number {
  let total = 0;
  for (const buffer of buffers) total += buffer.byteLength;
  return total;
}

function bytesFrom(buffers: readonly Uint8Array[], offset: number): readonly Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = offset;
  for (const buffer of buffers) {
    if (skip < buffer.byteLength) rest.push(skip > 0 ? buffer.subarray(skip) : buffer);
    skip = Math.max(0, skip - buffer.byteLength);
  }
  return rest;
}
