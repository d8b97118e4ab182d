import { LeakproofError } from '@leakproof/core';
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { refusalOf } from './disk-fault.ts';
import { thisProcess } from './process-identity.ts';
import { writerName } from './segment-files.ts';
import { takeLock, type WriterLock } from './writer-lock.ts';

export interface ClaimedWriter {
  readonly name: string;
  readonly directory: string;
  readonly lock: WriterLock;
}

const MAX_WRITERS = 4096;

/**
 * Locks the first writer directory `w-<n>` of the log that no running process holds, and creates it if it does not exist.
 * Throws LP-LOG-LOCKED if all are held, LP-LOG-FULL or LP-LOG-WRITE if the disk refuses.
 */
export function claimWriter(directory: string, maxWriters: number = MAX_WRITERS): ClaimedWriter {
  const self = thisProcess();
  try {
    for (let slot = 0; slot < maxWriters; slot++) {
      const name = writerName(slot);
      const path = join(directory, name);
      if (makeDirectory(path)) syncNames(directory);
      const lock = takeLock(path, self);
      if (lock) return { name, directory: path, lock };
    }
  } catch (error) {
    const { code, detail } = refusalOf(error);
    throw new LeakproofError(code, `The log directory cannot be used: ${detail}.`, {
      where: { file: directory },
      cause: error,
    });
  }
  throw new LeakproofError('LP-LOG-LOCKED', `All ${maxWriters} writer directories are held by running processes.`, {
    where: { file: directory },
  });
}

/**
 * Makes a directory, and those above it; false if it was there. Node's own `recursive` never ends where the kernel says that a
 * directory does not exist, whatever is made above it (/proc).
 */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    if (!isErrno(error, 'ENOENT') || dirname(path) === path) throw error;
  }
  makeDirectory(dirname(path));
  mkdirSync(path);
  return true;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function syncNames(directory: string): void {
  const file = openSync(directory, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
