import {
  close,
  fdatasync,
  fstat,
  fstatSync,
  fsync,
  ftruncate,
  open,
  openSync,
  unlink,
  writeSync,
  writev,
  writevSync,
} from 'node:fs';
import { promisify } from 'node:util';

/** The file system calls of a log. Each may throw or reject with a system error (`code` as in errno). */
export interface Disk {
  /** Creates the file for writing; fails if it exists. */
  create(path: string): number | Promise<number>;
  /**
   * Writes at `position` and returns how many bytes were written, which may be fewer than given. Fails with ENOENT if the file has
   * been removed: what is written to it then is lost.
   */
  write(file: number, buffers: readonly Uint8Array[], position: number): number | Promise<number>;
  sync(file: number): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  truncate(file: number, length: number): Promise<void>;
  close(file: number): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Linux writes at most 1024 buffers in one call; the rest counts as a short write. */
const MAX_BUFFERS = 1024;

const openLater = promisify(open);
const closeLater = promisify(close);
const fsyncLater = promisify(fsync);

const asynchronousCalls = {
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
 * Writes synchronously, by one system call: the cheapest way. A file system that hangs inside write(2) (a frozen volume, a lost
 * network mount) then blocks the whole process.
 */
export const turnDisk: Disk = {
  ...asynchronousCalls,
  create: (path) => openSync(path, 'wx'),
  write(file, buffers, position) {
    const [first] = buffers;
    const written =
      first && buffers.length === 1
        ? writeSync(file, first, 0, first.byteLength, position)
        : writevSync(file, limited(buffers), position);
    if (fstatSync(file).nlink === 0) throw removed();
    return written;
  },
};

/** Writes from the thread pool: a few microseconds more for each write, but a hanging disk never blocks the event loop. */
export const poolDisk: Disk = {
  ...asynchronousCalls,
  create: (path) => openLater(path, 'wx'),
  write: (file, buffers, position) =>
    new Promise((resolve, reject) => {
      writev(file, limited(buffers), position, (error, written) => {
        if (error) reject(error);
        else
          fstat(file, (failed, stats) => {
            if (failed || stats.nlink === 0) reject(failed ?? removed());
            else resolve(written);
          });
      });
    }),
};

function removed(): Error {
  return Object.assign(new Error('The file has been removed.'), { code: 'ENOENT', syscall: 'write' });
}

function limited(buffers: readonly Uint8Array[]): readonly Uint8Array[] {
  return buffers.length > MAX_BUFFERS ? buffers.slice(0, MAX_BUFFERS) : buffers;
}
