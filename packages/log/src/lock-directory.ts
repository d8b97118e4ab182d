import { mkdirSync } from 'node:fs';
import { thisProcess } from './process-identity.ts';
import { takeLock, type WriterLock } from './writer-lock.ts';

/** Locks a directory, created if it does not exist, for this process; undefined while another process holds it. Survives SIGKILL. */
export function lockDirectory(directory: string): WriterLock | undefined {
  mkdirSync(directory, { recursive: true });
  return takeLock(directory, thisProcess());
}
