import { close, fdatasync, fsync, ftruncate, open, openSync, unlink, writeSync, writev, writevSync } from 'node:fs';
import { promisify } from 'node:util';

/** The few things a log asks of a disk. Every call may throw or reject with a system error (`code` as in errno). */
export interface Disk {
  /** Creates the file for writing; fails if it exists. */
  create(path: string): number | Promise<number>;
  /** Writes at `position` and returns how many bytes were taken, which may be fewer than given. */
  write(file: number, buffers: readonly Uint8Array[], position: number): number | Promise<number>;
  sync(file: number): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  truncate(file: number, length: number): Promise<void>;
  close(file: number): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Linux takes at most 1024 buffers a call; what is left over counts as a short write. */
const MAX_BUFFERS = 1024;

const openLater = promisify(open);
const closeLater = promisify(close);
const fsyncLater = promisify(fsync);

const patient = {
  sync: promisify(fdatasync),
  truncate: promisify(ftruncate),
  close: closeLater,
  remove: promisify(unlink),
  async syncDirectory(path: string): Promise<void> {
    const directory = await openLater(path, 'r');
    try {
      await fsyncLater(directory);
    } finally {
      await closeLater(directory);
    }
  },
};

/**
 * Writes within the turn of the event loop, by one system call: the cheapest way. A file system that hangs inside
 * write(2) (a frozen volume, a lost network mount) then holds the whole process until it answers.
 */
export const turnDisk: Disk = {
  ...patient,
  create: (path) => openSync(path, 'wx'),
  write(file, buffers, position) {
    const [first] = buffers;
    if (first && buffers.length === 1) return writeSync(file, first, 0, first.byteLength, position);
    return writevSync(file, atOnce(buffers), position);
  },
};

/** Writes from the thread pool: a few microseconds more a turn, and a hanging disk never holds the event loop. */
export const poolDisk: Disk = {
  ...patient,
  create: (path) => openLater(path, 'wx'),
  write: (file, buffers, position) =>
    new Promise((resolve, reject) => {
      writev(file, atOnce(buffers), position, (error, written) => {
        if (error) reject(error);
        else resolve(written);
      });
    }),
};

function atOnce(buffers: readonly Uint8Array[]): readonly Uint8Array[] {
  return buffers.length > MAX_BUFFERS ? buffers.slice(0, MAX_BUFFERS) : buffers;
}
