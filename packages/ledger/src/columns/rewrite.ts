import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './change.ts';
import { filesOf } from './ledger-state.ts';
import type { ColumnFile } from './manifest.ts';
import { writeOwnerIndex } from './merge.ts';
import { writeColumnFile } from './write-file.ts';

export interface Rewriting {
  readonly why: 'erase' | 'rotate';
  /** How many rows of a file change; a file without any stays as it is. */
  readonly countOf: (source: string, kind: 'facts' | 'events') => string;
  readonly queryOf: (source: string, kind: 'facts' | 'events') => string;
}

/**
 * Writes files anew, records old hash → new hash in the manifest, and removes the old ones at once. A reader at the same time
 * starts again. Returns how many rows and files changed.
 */
export async function rewrite(
  change: Change,
  { why, countOf, queryOf }: Rewriting,
): Promise<{ readonly rows: number; readonly files: number }> {
  const state = change.state();
  const suffix = String(change.nextNumber()).padStart(8, '0');
  const add: ColumnFile[] = [];
  const remove: string[] = [];
  const hashes: { old: string; new: string | null }[] = [];
  let changed = 0;
  for (const kind of ['facts', 'events'] as const) {
    for (const [index, old] of filesOf(state, kind).entries()) {
      const source = `read_parquet('${join(change.folder, old.path).replaceAll("'", "''")}', hive_partitioning = false)`;
      const rows = await change.duck.number(countOf(source, kind));
      if (rows === 0) continue;
      const isDay = old.path.includes('/day-');
      const path = old.path.replace(/[^/]+$/, `${isDay ? 'day-' : ''}${suffix}-${index}.parquet`);
      const written = await writeColumnFile(change.duck, {
        folder: change.folder,
        path,
        kind,
        day: old.day,
        query: queryOf(source, kind),
      });
      add.push(written);
      remove.push(old.path);
      hashes.push({ old: old.sha256, new: written.sha256 });
      changed += rows;
      const owners = old.path.replace(/^facts/, 'owners');
      if (kind !== 'facts' || !state.files.has(owners)) continue;
      add.push(await writeOwnerIndex(change, path, old.day));
      remove.push(owners);
    }
  }
  if (remove.length === 0) return { rows: 0, files: 0 };
  change.record({ do: 'rewrite', why, add, remove, hashes, rows: changed });
  for (const path of remove) rmSync(join(change.folder, path), { force: true });
  return { rows: changed, files: hashes.length };
}
