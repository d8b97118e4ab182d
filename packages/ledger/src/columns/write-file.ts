import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Duck, literal } from '../engine/duck.ts';
import { hashOf } from './hash-of.ts';
import type { ColumnFile } from './manifest.ts';
import { FORMAT } from './schema.ts';

export interface FileToWrite {
  readonly folder: string;
  readonly path: string;
  readonly kind: ColumnFile['kind'];
  readonly day: string;
  /** A query in the order of the rows. */
  readonly query: string;
}

/** Parquet readers without a page index read one row group for a lookup: the owner index has small ones. */
const ROW_GROUP = { facts: 122_880, events: 122_880, owners: 61_440 } as const;

/** Writes the rows of a query to a Parquet file: a temporary file, synced and renamed. */
export async function writeColumnFile(
  duck: Duck,
  { folder, path, kind, day, query }: FileToWrite,
): Promise<ColumnFile> {
  const file = join(folder, path);
  const draft = `${file}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  const about = `{format: ${literal(FORMAT)}, kind: ${literal(kind)}, day: ${literal(day)}}`;
  await duck.run(`copy (${query}) to ${literal(draft)} (format parquet, compression zstd, parquet_version v2,
    row_group_size ${ROW_GROUP[kind]}, kv_metadata ${about})`);
  const [{ rows, low, high } = {}] = await duck.rows(
    kind === 'owners'
      ? `select count(*) as rows, 0 as low, 0 as high from read_parquet(${literal(draft)})`
      : `select count(*) as rows, epoch_us(min(ts)) as low, epoch_us(max(ts)) as high from read_parquet(${literal(draft)})`,
  );
  sync(draft);
  const digest = await hashOf(draft);
  renameSync(draft, file);
  sync(dirname(file));
  return {
    path,
    kind,
    day,
    sha256: digest,
    bytes: statSync(file).size,
    rows: Number(rows),
    fromUs: Number(low),
    toUs: Number(high),
  };
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
