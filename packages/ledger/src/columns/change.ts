import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import { lockDirectory } from '@leakproof/log';
import { Duck, type DuckOptions } from '../engine/duck.ts';
import { columnPaths, isOwnName } from './column-paths.ts';
import { type LedgerState, ledgerState } from './ledger-state.ts';
import { appendToManifest, columnsFolder, type ManifestEntry, readManifest } from './manifest.ts';

/** A change of the columns under way: this process holds the lock. */
export interface Change {
  readonly directory: string;
  readonly folder: string;
  readonly duck: Duck;
  readonly nowMs: number;
  state(): LedgerState;
  /** The number of the next line of the manifest: file names contain it, so they are never used twice. */
  nextNumber(): number;
  record(entry: ManifestEntry): void;
}

export interface ChangeOptions extends Omit<DuckOptions, 'directory'> {
  readonly nowMs: number;
}

/**
 * Runs `work` with the lock of the columns. Files that no line of the manifest names as live are removed first: a crash, or
 * a change before this one, left them. Throws LP-LEDGER-LOCKED if another process changes the columns.
 */
export async function change<T>(
  directory: string,
  options: ChangeOptions,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  const folder = columnsFolder(directory);
  const lock = lockDirectory(folder);
  if (!lock)
    throw new LeakproofError('LP-LEDGER-LOCKED', 'Another process changes the columns.', { where: { file: folder } });
  try {
    removeLeftovers(folder, ledgerState(readManifest(directory)));
    const duck = await Duck.open({ ...options, directory: folder });
    try {
      return await work({
        directory,
        folder,
        duck,
        nowMs: options.nowMs,
        state: () => ledgerState(readManifest(directory)),
        nextNumber: () => readManifest(directory).lines.length + 1,
        record: (entry) => appendToManifest(directory, entry, options.nowMs),
      });
    } finally {
      duck.close();
      rmSync(join(folder, 'tmp'), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}

function removeLeftovers(folder: string, { files }: LedgerState): void {
  for (const path of columnPaths(folder)) {
    if (isOwnName(path) && !files.has(path)) rmSync(join(folder, path), { force: true });
  }
}
