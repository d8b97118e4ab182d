import { readSync } from 'node:fs';
import { FRAME_HEADER_BYTES, FRAME_MAGIC, SEGMENT_HEADER_BYTES } from './format.ts';
import { type FrameHeader, holdsPayload, readFrameHeader } from './frame.ts';

export interface ScannedFrame {
  readonly type: 'frame';
  readonly offset: number;
  readonly end: number;
  readonly header: FrameHeader;
  /** A view that the next step overwrites. */
  readonly payload: Buffer;
}

/** Bytes that are no whole frame although whole frames follow. `facts` counts frames with a readable header. */
export interface ScannedDamage {
  readonly type: 'damage';
  readonly offset: number;
  readonly end: number;
  readonly facts: number;
}

/** The bytes after the last whole frame. */
export interface ScannedTail {
  readonly type: 'tail';
  readonly offset: number;
  /** Incomplete because of a crash, or still being written. */
  readonly bytes: number;
  /** Preallocated: only zeros up to the end of the file. Then `bytes` is 0. */
  readonly zeroBytes: number;
  readonly facts: number;
}

export type Scanned = ScannedFrame | ScannedDamage | ScannedTail;

/**
 * Yields every frame of an open segment file in order, then one tail. Memory: one window of 1 MiB, more only for a larger frame.
 * Bytes are untrusted: a frame is yielded only if its checksums are right. What looks like damage is read a second time, because
 * a writer may have filled preallocated space in the meantime.
 */
export function* scanSegment(file: number, seed: number): Generator<Scanned> {
  const window = new FileWindow(file);
  let position = SEGMENT_HEADER_BYTES;
  let bad: { offset: number; facts: number } | undefined;
  let readAgain = 0;
  for (;;) {
    const header = headerAt(window, position, seed);
    const end = position + FRAME_HEADER_BYTES + (header?.length ?? 0);
    const payload =
      header && window.holds(position, end - position)
        ? window.view(position + FRAME_HEADER_BYTES, header.length)
        : undefined;
    if (header && payload && holdsPayload(header, payload, seed)) {
      if (bad && bad.offset !== readAgain) {
        window.readAgain(bad.offset, position);
        position = bad.offset;
        readAgain = position;
        bad = undefined;
        continue;
      }
      if (bad) yield { type: 'damage', offset: bad.offset, end: position, facts: bad.facts };
      bad = undefined;
      yield { type: 'frame', offset: position, end, header, payload };
      position = end;
      continue;
    }
    const next = payload && headerAt(window, end, seed) ? end : window.find(FRAME_MAGIC, position + 1);
    if (header || next !== undefined) bad ??= { offset: position, facts: 0 };
    if (bad) bad.facts += header?.count ?? 0;
    if (next === undefined) break;
    position = next;
  }
  const offset = bad?.offset ?? position;
  const left = Math.max(0, window.size() - offset);
  const isPreallocated = bad === undefined && window.isZero(offset);
  yield {
    type: 'tail',
    offset,
    bytes: isPreallocated ? 0 : left,
    zeroBytes: isPreallocated ? left : 0,
    facts: bad?.facts ?? 0,
  };
}

function headerAt(window: FileWindow, position: number, seed: number): FrameHeader | undefined {
  if (!window.holds(position, FRAME_HEADER_BYTES)) return undefined;
  return readFrameHeader(window.view(position, FRAME_HEADER_BYTES), 0, seed);
}

const WINDOW_BYTES = 1024 * 1024;
const ZEROS = Buffer.alloc(4096);

/** A sliding view of a file that may be growing. */
class FileWindow {
  readonly #file: number;
  #buffer: Buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #base = 0;
  #filled = 0;
  #size = 0;
  constructor(file: number) {
    this.#file = file;
  }
  /** True if the file has `bytes` bytes from `position` on, which are then in the window. */
  holds(position: number, bytes: number): boolean {
    if (position >= this.#base && position + bytes <= this.#base + this.#filled) return true;
    this.#slide(position, bytes);
    return bytes <= this.#filled;
  }
  /** Reads the bytes between two positions again. Bytes before the window are read again in any case. */
  readAgain(from: number, to: number): void {
    if (from >= this.#base) readSync(this.#file, this.#buffer, from - this.#base, to - from, from);
  }
  view(position: number, bytes: number): Buffer {
    return this.#buffer.subarray(position - this.#base, position - this.#base + bytes);
  }
  /** The next position of `needle`, from `position` on. */
  find(needle: Buffer, position: number): number | undefined {
    for (let from = position; this.holds(from, needle.byteLength);) {
      const at = this.#buffer.subarray(0, this.#filled).indexOf(needle, from - this.#base);
      if (at >= 0) return this.#base + at;
      from = this.#base + this.#filled - needle.byteLength + 1;
    }
    return undefined;
  }
  /** True if there is nothing but zeros from `position` to the end of the file. */
  isZero(position: number): boolean {
    for (let from = position; this.holds(from, 1);) {
      const bytes = this.#buffer.subarray(
        from - this.#base,
        Math.min(this.#filled, from - this.#base + ZEROS.byteLength),
      );
      if (!bytes.equals(ZEROS.subarray(0, bytes.byteLength))) return false;
      from += bytes.byteLength;
    }
    return true;
  }
  /** The length of the file as far as it was read. */
  size(): number {
    return this.#size;
  }
  #slide(position: number, bytes: number): void {
    const kept = this.#take(position);
    if (bytes > this.#buffer.byteLength) {
      const larger = Buffer.allocUnsafeSlow(bytes);
      this.#buffer.copy(larger, 0, kept.start, kept.end);
      this.#buffer = larger;
    } else {
      this.#buffer.copyWithin(0, kept.start, kept.end);
    }
    this.#base = position;
    this.#filled = kept.end - kept.start;
    while (this.#filled < this.#buffer.byteLength) {
      const free = this.#buffer.byteLength - this.#filled;
      const read = readSync(this.#file, this.#buffer, this.#filled, free, this.#base + this.#filled);
      if (read === 0) return;
      this.#filled += read;
      this.#size = Math.max(this.#size, this.#base + this.#filled);
    }
  }
  #take(position: number): { start: number; end: number } {
    const start = position - this.#base;
    return start >= 0 && start <= this.#filled ? { start, end: this.#filled } : { start: 0, end: 0 };
  }
}
