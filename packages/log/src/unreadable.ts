import { isLeakproofError, LeakproofError } from '@leakproof/core';
import { readdirSync } from 'node:fs';

/** LP-FILE-UNREADABLE for an error of Node's file system on a log; any other error as it is. */
export function unreadable(directory: string, error: unknown): unknown {
  if (isLeakproofError(error) || !(error instanceof Error) || !('code' in error)) return error;
  return new LeakproofError('LP-FILE-UNREADABLE', `The log ${directory} cannot be read (${String(error.code)}).`, {
    fix: 'Give the directory that `guard run` had as --log.',
    cause: error,
  });
}

/** Throws LP-FILE-UNREADABLE if there is no such directory. */
export function assertDirectory(directory: string): void {
  try {
    readdirSync(directory);
  } catch (error) {
    throw unreadable(directory, error);
  }
}
