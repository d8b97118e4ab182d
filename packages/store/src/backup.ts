import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { isLeakproofError, LeakproofError } from '@leakproof/core';
import { SCHEMA_VERSION } from './migrations.ts';
import type { OpenStore } from './store.ts';
import { TABLES } from './tables.ts';

const BATCH = 200;
type Row = Record<string, unknown>;

/**
 * Writes every row to `path`, gzipped lines of JSON that end with a SHA-256 of all before it: one state of the database, while it is
 * in use. The file restores into either database. Returns the number of rows.
 */
export async function backup(store: OpenStore, path: string): Promise<number> {
  let rows = 0;
  await store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const hash = createHash('sha256');
      const line = (value: unknown): string => {
        const text = `${JSON.stringify(value)}\n`;
        hash.update(text);
        return text;
      };
      async function* lines(): AsyncGenerator<string> {
        yield line({ 'leakproof-backup': 1, schema: SCHEMA_VERSION });
        for (const table of TABLES) {
          for (let at = 0; ; at += BATCH) {
            const { rows: found } =
              await sql<Row>`select * from ${sql.table(table)} order by 1, 2 limit ${BATCH} offset ${at}`.execute(
                transaction,
              );
            for (const row of found) {
              rows++;
              yield line([table, encode(row)]);
            }
            if (found.length < BATCH) break;
          }
        }
        yield `${JSON.stringify({ rows, sha256: hash.digest('hex') })}\n`;
      }
      await pipeline(lines, createGzip(), createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }));
    });
  return rows;
}

/**
 * Reads a backup into an empty database, in one transaction. Throws LP-BACKUP-INVALID if the file is damaged or cut off, and
 * LP-STORE-NOT-EMPTY.
 */
export async function restore(store: OpenStore, path: string): Promise<number> {
  await checkBackup(path);
  let count = 0;
  await store.db.transaction().execute(async (transaction) => {
    for (const table of TABLES) {
      const { rows } = await sql<Row>`select 1 as one from ${sql.table(table)} limit 1`.execute(transaction);
      if (rows.length > 0) throw new LeakproofError('LP-STORE-NOT-EMPTY', `The table ${table} has rows.`);
    }
    for await (const value of valuesOf(path)) {
      if (!Array.isArray(value)) continue;
      const [table, row] = value as [string, Row];
      const name = TABLES.find((each) => each === table);
      if (!name) throw invalid(`It has rows of an unknown table.`);
      const columns = Object.keys(row);
      const cells = columns.map((column) => sql`${decode(row[column])}`);
      await sql`insert into ${sql.table(name)} (${sql.join(columns.map((each) => sql.ref(each)))}) values (${sql.join(cells)})`.execute(
        transaction,
      );
      count++;
    }
    if (store.source.afterRestore !== undefined) await sql.raw(store.source.afterRestore).execute(transaction);
  });
  return count;
}

/** Reads a whole backup and compares its checksum. Returns the number of rows. Throws LP-BACKUP-INVALID. */
export async function checkBackup(path: string): Promise<number> {
  const hash = createHash('sha256');
  let rows = 0;
  let end: { rows?: number; sha256?: string } | undefined;
  let isFirst = true;
  for await (const value of valuesOf(path)) {
    if (end) throw invalid('It has lines after its end.');
    if (isFirst) {
      const { 'leakproof-backup': format, schema } = value as { 'leakproof-backup'?: unknown; schema?: number };
      if (format !== 1) throw invalid('It is not a backup of the desk.');
      if (schema !== SCHEMA_VERSION)
        throw invalid(`It was made by a release with schema ${schema}; this one has ${SCHEMA_VERSION}.`);
      isFirst = false;
    } else if (Array.isArray(value)) rows++;
    else {
      end = value as typeof end;
      continue;
    }
    hash.update(`${JSON.stringify(value)}\n`);
  }
  if (!end) throw invalid('It is cut off.');
  if (end.rows !== rows || end.sha256 !== hash.digest('hex')) throw invalid('Its checksum differs: it was changed.');
  return rows;
}

async function* valuesOf(path: string): AsyncGenerator {
  const source = createReadStream(path);
  const unzipped = createGunzip();
  const piped = pipeline(source, unzipped).catch((error: unknown) => unzipped.destroy(error as Error));
  try {
    for await (const text of createInterface({ input: unzipped, crlfDelay: Infinity }))
      yield JSON.parse(text) as unknown;
    await piped;
    if (unzipped.errored) throw unzipped.errored;
  } catch (error) {
    throw isLeakproofError(error) ? error : invalid(error instanceof Error ? error.message : String(error), error);
  }
}

function encode(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
    ]),
  );
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('base64' in value)) return value;
  return Buffer.from(String(value.base64), 'base64');
}

function invalid(detail: string, cause?: unknown): LeakproofError {
  return new LeakproofError('LP-BACKUP-INVALID', detail, { cause });
}
