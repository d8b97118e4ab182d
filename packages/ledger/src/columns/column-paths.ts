import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Our own names only: a file that somebody else put here stays, and `verify` reports it. */
const OWN_NAME = /^(facts|events|owners)\/dt=\d{4}-\d{2}-\d{2}\/(h=\d{2}\/)?(day-)?\d{8}(-\d+)?\.parquet(\.tmp)?$/;

export function isOwnName(path: string): boolean {
  return OWN_NAME.test(path);
}

/** The files below the folder of the columns, without the manifest, locks and temporary files of the engine. */
export function columnPaths(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== 'manifest.ndjson' && !/^(lock\.|tmp\/)/.test(path))
    .sort();
}
