import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import { lockDirectory } from '@leakproof/log';
import { type Hold, type LedgerState, ledgerState } from './columns/ledger-state.ts';
import { appendToManifest, columnsFolder, type ManifestEntry, readManifest } from './columns/manifest.ts';

/** Entries that change no file: holds, marks, and facts about the use of the ledger itself. */
export type Note = Extract<ManifestEntry, { readonly do: 'hold' | 'release' | 'mark' | 'reveal' | 'export' }>;

/**
 * Records a note in the manifest. Throws LP-USAGE for a hold whose name is taken or a release of one that is not, and
 * LP-LEDGER-LOCKED while another process changes the columns.
 */
export function note(directory: string, entry: Note, nowMs: number): void {
  locked(directory, () => {
    const names = ledgerState(readManifest(directory)).holds.map(({ name }) => name);
    if (entry.do === 'hold' && names.includes(entry.name))
      throw new LeakproofError('LP-USAGE', `There is a hold "${entry.name}" already.`, { fix: 'Choose another name.' });
    if (entry.do === 'hold' && entry.fromDay > entry.toDay)
      throw new LeakproofError('LP-USAGE', 'The hold ends before it begins.', { fix: 'Exchange the two days.' });
    if (entry.do === 'release' && !names.includes(entry.name))
      throw new LeakproofError('LP-USAGE', `There is no hold "${entry.name}".`, {
        fix: names.length > 0 ? `Holds: ${names.join(', ')}.` : 'Nothing is held.',
      });
    appendToManifest(directory, entry, nowMs);
  });
}

export interface ExpireReport {
  readonly days: number;
  readonly files: number;
  readonly rows: number;
  /** Days that are old enough, and that a hold keeps. */
  readonly held: readonly { readonly day: string; readonly hold: string }[];
}

/** Removes the files of the days before `beforeDay` (UTC), except those that a hold keeps. */
export function expire(directory: string, beforeDay: string, nowMs: number): ExpireReport {
  return locked(directory, () => {
    const { files, holds } = ledgerState(readManifest(directory));
    const old = [...files.values()].filter(({ day }) => day < beforeDay);
    const gone = old.filter(({ day }) => holdOf(holds, day) === undefined);
    if (gone.length > 0)
      appendToManifest(directory, { do: 'expire', beforeDay, remove: gone.map(({ path }) => path) }, nowMs);
    for (const { path } of gone) rmSync(join(columnsFolder(directory), path), { force: true });
    const held = new Map(
      old.flatMap(({ day }) => {
        const hold = holdOf(holds, day);
        return hold === undefined ? [] : [[day, hold.name] as const];
      }),
    );
    return {
      days: new Set(gone.map(({ day }) => day)).size,
      files: gone.length,
      rows: gone.filter(({ kind }) => kind === 'facts').reduce((sum, { rows }) => sum + rows, 0),
      held: [...held].map(([day, hold]) => ({ day, hold })),
    };
  });
}

/** The notes of a ledger that are in force. */
export function notesOf(directory: string): Pick<LedgerState, 'holds' | 'marks' | 'exports' | 'rotation'> {
  const { holds, marks, exports, rotation } = ledgerState(readManifest(directory));
  return { holds, marks, exports, rotation };
}

function holdOf(holds: readonly Hold[], day: string): Hold | undefined {
  return holds.find(({ fromDay, toDay }) => day >= fromDay && day <= toDay);
}

function locked<T>(directory: string, work: () => T): T {
  const lock = lockDirectory(columnsFolder(directory));
  if (!lock)
    throw new LeakproofError('LP-LEDGER-LOCKED', 'Another process changes the columns.', {
      where: { file: directory },
    });
  try {
    return work();
  } finally {
    lock.release();
  }
}
