import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasEnded, type ProcessIdentity } from './process-identity.ts';

const LOCK_NAME = /^lock\.(\d+)$/;
const DRAFT_NAME = /^lock\.\d+\..+$/;

export interface WriterLock {
  release(): void;
}

/**
 * Locks a writer directory for this process; undefined while another process holds it. The lock file with the highest generation
 * names the holder; taking over means linking the next one, which only one process can do. Survives SIGKILL: the lock of a
 * process that has ended is taken over. Needs hard links, and space for one small file.
 */
export function takeLock(directory: string, self: ProcessIdentity): WriterLock | undefined {
  const highest = generations(directory).at(-1) ?? 0;
  if (highest > 0 && !isFree(lockPath(directory, highest), self)) return undefined;
  const mine = highest + 1;
  if (!publish(directory, mine, JSON.stringify(self))) return undefined;
  if (generations(directory).at(-1) !== mine) {
    remove(lockPath(directory, mine));
    return undefined;
  }
  sweep(directory, mine);
  return {
    release() {
      if (publish(directory, mine + 1, '{"free":true}')) remove(lockPath(directory, mine));
    },
  };
}

/** True if the lock was released or its holder has ended. A lock that cannot be read counts as held. */
function isFree(path: string, self: ProcessIdentity): boolean {
  try {
    const held: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof held !== 'object' || held === null) return false;
    if ('free' in held) return held.free === true;
    return isIdentity(held) && hasEnded(held, self);
  } catch {
    return false;
  }
}

function isIdentity(value: object): value is ProcessIdentity {
  const texts = ['start', 'boot', 'namespace', 'host'].map((name) => Reflect.get(value, name));
  return Number.isInteger(Reflect.get(value, 'pid')) && texts.every((text) => typeof text === 'string');
}

/** Creates a complete lock file, or returns false if that generation exists. */
function publish(directory: string, generation: number, content: string): boolean {
  const path = lockPath(directory, generation);
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, content, { flag: 'wx' });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOENT')) return false;
    throw error;
  } finally {
    remove(draft);
  }
}

/** Removes the files of earlier holders. */
function sweep(directory: string, mine: number): void {
  for (const generation of generations(directory)) {
    if (generation < mine) remove(lockPath(directory, generation));
  }
  for (const name of readdirSync(directory)) {
    if (DRAFT_NAME.test(name)) remove(join(directory, name));
  }
}

function generations(directory: string): readonly number[] {
  const found: number[] = [];
  for (const name of readdirSync(directory)) {
    const digits = LOCK_NAME.exec(name)?.[1];
    if (digits !== undefined) found.push(Number(digits));
  }
  return found.sort((a, b) => a - b);
}

function lockPath(directory: string, generation: number): string {
  return join(directory, `lock.${generation}`);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already removed, or left for the next holder to sweep.
  }
}
