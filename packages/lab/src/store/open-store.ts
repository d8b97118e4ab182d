import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LabError } from '../lab-error.ts';
import { populate } from './populate.ts';
import { type Store, storeOver } from './store.ts';
import { STORE_VERSION } from './tables.ts';

export interface StoreOptions {
  readonly seed: number;
  readonly perRegion: number;
  /** Built at first use and then served from disk. Default: everything in memory. */
  readonly file?: string | undefined;
}

/** Opens the database, filled first if it is new. Throws LP-LAB-DATA if the file has other content. */
export function openStore(options: StoreOptions): Store {
  const { seed, perRegion, file } = options;
  const wanted = JSON.stringify({ version: STORE_VERSION, seed, perRegion });
  const isNew = file === undefined || !existsSync(file);
  const db = openDatabase(file);
  try {
    db.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;',
    );
    if (isNew) build(db, options, wanted);
    else if (readMeta(db) !== wanted)
      throw new LabError('LP-LAB-DATA', `${file} was built with another version, seed or number of members`);
  } catch (error) {
    db.close();
    if (error instanceof LabError) throw error;
    throw unusable(file, error);
  }
  db.exec(`PRAGMA journal_mode = ${file === undefined ? 'MEMORY' : 'DELETE'}; BEGIN`);
  return storeOver(db, seed);
}

function openDatabase(file: string | undefined): DatabaseSync {
  try {
    return new DatabaseSync(file ?? ':memory:');
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string | undefined, cause: unknown): LabError {
  return new LabError('LP-LAB-DATA', `${file ?? 'the database'} is not usable as a database of the lab`, { cause });
}

function build(db: DatabaseSync, { seed, perRegion }: StoreOptions, meta: string): void {
  populate(db, seed, perRegion);
  db.prepare("INSERT INTO meta VALUES ('lab', ?)").run(meta);
}

function readMeta(db: DatabaseSync): unknown {
  return db.prepare("SELECT value FROM meta WHERE name = 'lab'").get()?.['value'];
}
