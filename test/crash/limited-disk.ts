import { mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Disk, turnDisk } from '@leakproof/log';

/**
 * The log's disk with a capacity of as many bytes as the file `sizeFile` is long, so that another process controls how full it is.
 * A write beyond it behaves as on Linux: a part is written, then ENOSPC. A real small file system would need a mount, which
 * not every machine allows; files and their bytes are real, only the capacity is simulated.
 */
export function limitedDisk(directory: string, sizeFile: string): Disk {
  const files = new Map<number, { readonly path: string; length: number }>();
  let used = bytesUnder(directory);
  const freeBytes = (): number => {
    const left = statSync(sizeFile).size - used;
    if (left <= 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
    return left;
  };
  return {
    ...turnDisk,
    create(path) {
      freeBytes();
      const file = turnDisk.create(path) as number;
      files.set(file, { path, length: 0 });
      return file;
    },
    write(file, buffers, position) {
      const taken = Buffer.concat(buffers).subarray(0, freeBytes());
      const written = turnDisk.write(file, [taken], position) as number;
      resize(file, Math.max(files.get(file)?.length ?? 0, position + written));
      return written;
    },
    async truncate(file, length) {
      await turnDisk.truncate(file, length);
      resize(file, length);
    },
    async remove(path) {
      await turnDisk.remove(path);
      for (const [file, each] of files) if (each.path === path) resize(file, 0);
    },
    async close(file) {
      files.delete(file);
      await turnDisk.close(file);
    },
  };

  function resize(file: number, length: number): void {
    const entry = files.get(file);
    if (!entry) return;
    used += length - entry.length;
    entry.length = length;
  }
}

/** Sets the capacity of the disk so that `bytes` are free. */
export function setFreeBytes(directory: string, sizeFile: string, bytes: number): void {
  writeFileSync(sizeFile, '', { flag: 'a' });
  truncateSync(sizeFile, bytesUnder(directory) + bytes);
}

function bytesUnder(directory: string): number {
  mkdirSync(directory, { recursive: true });
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const segments = entries.filter((each) => each.isFile() && each.name.endsWith('.log'));
  // A segment may be removed between readdir and stat.
  const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return segments.reduce((sum, each) => sum + sizeOf(join(each.parentPath, each.name)), 0);
}
