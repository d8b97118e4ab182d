import { createHash, type Hash } from 'node:crypto';
import type { Disk } from './disk.ts';
import { FRAME_HEADER_BYTES, FRAME_KIND, ROOT_BYTES } from './format.ts';
import { writeFrame } from './frame.ts';
import { segmentPath } from './segment-files.ts';
import { type ChainPoint, encodeSegmentHeader, type SegmentHeader } from './segment-header.ts';

const MAX_UNHASHED_BYTES = 1024 * 1024;

/** The most zeros that one write preallocates. */
export const MAX_PREALLOCATED_BYTES = 1024 * 1024;

const ZEROS = Buffer.alloc(MAX_PREALLOCATED_BYTES);

export interface SegmentPlace {
  readonly disk: Disk;
  readonly directory: string;
}

/** The first bytes of a segment, with the hash that its chain point needs. */
interface HashedPrefix {
  readonly length: number;
  readonly hash: Hash;
}

/**
 * One file of the log while it is written. After a failed write or sync it is never written again: the kernel may have dropped
 * the pages and cleared the error, so a later success would mean nothing.
 */
export class Segment {
  readonly number: number;
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  /** Written but not yet in `#hash`: hashed during a sync, so that no block waits for it. */
  #unhashed: Uint8Array[] = [];
  #unhashedBytes = 0;
  #length = 0;
  /** The length of the file: after `#length` it has preallocated zeros. */
  #fileEnd = 0;
  #isDirectorySynced = false;
  #safe: HashedPrefix | undefined;
  #syncing: Promise<void> | undefined;
  #failed: Error | undefined;

  private constructor({ disk, directory }: SegmentPlace, number: number, file: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.number = number;
    this.#file = file;
  }

  /** Creates the file, with its header and `buffers` in one write. If that fails, the file is removed, if the disk allows. */
  static async create(place: SegmentPlace, header: SegmentHeader, buffers: readonly Uint8Array[]): Promise<Segment> {
    const file = await place.disk.create(segmentPath(place.directory, header.segment));
    const segment = new Segment(place, header.segment, file);
    try {
      await segment.write([encodeSegmentHeader(header), ...buffers]);
    } catch (error) {
      void segment.giveUp(0);
      throw error;
    }
    return segment;
  }

  /** Why the segment must not be written any more. */
  get failed(): Error | undefined {
    return this.#failed;
  }
  /** The current sync. */
  get syncing(): Promise<void> | undefined {
    return this.#syncing;
  }
  get length(): number {
    return this.#length;
  }

  /**
   * Appends all of `buffers`. Synchronous if the disk is; otherwise the promise must be awaited before the next write. If the file
   * grows, up to `preallocateBytes` of zeros are written after them: frames that later replace zeros do not change the length of
   * the file, and are synced without the file system's journal.
   */
  write(buffers: readonly Uint8Array[], preallocateBytes = 0): void | Promise<void> {
    const total = totalBytes(buffers);
    const grows = preallocateBytes > 0 && this.#length + total > this.#fileEnd;
    const given = grows ? [...buffers, ZEROS.subarray(0, preallocateBytes)] : buffers;
    const wrote = this.#disk.write(this.#file, given, this.#length);
    if (typeof wrote === 'number' && wrote >= total) this.#extend(buffers, { bytes: total, wrote });
    else return this.#writeRest(buffers, wrote);
  }

  /** Syncs what was written before the call. One at a time. */
  sync(): Promise<void> {
    this.#syncing = this.#sync().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  /** Writes the seal: a frame with the SHA-256 of all bytes before it. The segment has to be synced afterwards. */
  async seal(sequence: number, time: number, seed: number): Promise<ChainPoint> {
    const point = { segment: this.number, length: this.#length, root: this.#hashed().digest(), sealed: true };
    if (this.#fileEnd > this.#length) await this.#disk.truncate(this.#file, this.#length);
    this.#fileEnd = this.#length;
    const frame = Buffer.alloc(FRAME_HEADER_BYTES + ROOT_BYTES);
    writeFrame(frame, 0, { kind: FRAME_KIND.seal, count: 0, sequence, time }, point.root, seed);
    await this.write([frame]);
    return point;
  }

  /** The chain point of the bytes that are known to be on disk, if there are any. */
  safePoint(): ChainPoint | undefined {
    const safe = this.#safe;
    return safe && { segment: this.number, length: safe.length, root: safe.hash.copy().digest(), sealed: false };
  }

  async close(): Promise<void> {
    await this.#disk.close(this.#file);
  }

  /**
   * Truncates the file to its first `keepBytes`, or removes it if that is 0, after a current sync has ended. Best effort: what
   * stays repeats frames of a later segment, and readers skip it.
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
      if (!this.#isDirectorySynced) await this.#disk.syncDirectory(this.#directory);
    } catch (error) {
      this.#failed = error instanceof Error ? error : new Error('sync failed');
      throw error;
    }
    this.#isDirectorySynced = true;
    this.#safe = mark;
  }

  async #writeRest(buffers: readonly Uint8Array[], first: number | Promise<number>): Promise<void> {
    const total = totalBytes(buffers);
    let done = await first;
    while (done < total) {
      const more = await this.#disk.write(this.#file, bytesFrom(buffers, done), this.#length + done);
      if (more <= 0) throw Object.assign(new Error('write accepted nothing'), { code: 'EIO', syscall: 'write' });
      done += more;
    }
    this.#extend(buffers, { bytes: total, wrote: done });
  }

  /** `wrote` includes preallocated zeros. */
  #extend(buffers: readonly Uint8Array[], { bytes, wrote }: { readonly bytes: number; readonly wrote: number }): void {
    this.#fileEnd = Math.max(this.#fileEnd, this.#length + wrote);
    this.#unhashed.push(...buffers);
    this.#unhashedBytes += bytes;
    this.#length += bytes;
    if (this.#unhashedBytes > MAX_UNHASHED_BYTES) this.#hashed();
  }

  /** The hash of everything written. */
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
