import { Kysely } from 'kysely';
import { isLeakproofError, LeakproofError } from '@leakproof/core';
import type { DialectName, StoreDialect } from './dialects/dialect.ts';
import { migrate } from './migrations.ts';
import { caseRows } from './rows/case-rows.ts';
import { deskRows } from './rows/desk-rows.ts';
import type { Tables } from './tables.ts';

/** Reads and writes rows; knows no rule about them. */
export type Rows = ReturnType<typeof caseRows> & ReturnType<typeof deskRows>;

export interface Store {
  readonly dialect: DialectName;
  /** Outside a transaction: for reading. */
  readonly rows: Rows;
  /** All or nothing; on disk when it resolves. `run` is repeated when another writer was first. Throws LP-STORE-UNAVAILABLE. */
  transact<T>(run: (rows: Rows) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A store together with its database: for backup and restore. */
export interface OpenStore extends Store {
  readonly db: Kysely<Tables>;
  readonly source: StoreDialect;
}

const MAX_TRIES = 8;

/**
 * Opens a database and brings its schema up to date. `location`: a path (SQLite), `:memory:`, or a `postgres://` URL. Throws
 * LP-STORE-UNAVAILABLE, LP-STORE-NEWER.
 */
export async function openStore(location: string): Promise<OpenStore> {
  const source = await coded(() => dialectOf(location));
  const db = new Kysely<Tables>({ dialect: source.kysely });
  try {
    await coded(() => migrate(db, source));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    source,
    dialect: source.name,
    rows: rowsOf(db),
    transact: async (run) => {
      for (let tries = 1; ; tries++) {
        try {
          return await db.transaction().execute((transaction) => run(rowsOf(transaction)));
        } catch (error) {
          if (isLeakproofError(error)) throw error;
          if (!source.isConflict(error) || tries === MAX_TRIES) throw unavailable(error);
        }
      }
    },
    close: () => db.destroy(),
  };
}

function rowsOf(db: Kysely<Tables>): Rows {
  return { ...caseRows(db), ...deskRows(db) };
}

async function dialectOf(location: string): Promise<StoreDialect> {
  if (/^postgres(?:ql)?:\/\//.test(location)) {
    const { postgresqlDialect } = await import('./dialects/postgresql.ts');
    return postgresqlDialect(location);
  }
  const { sqliteDialect } = await import('./dialects/sqlite.ts');
  return sqliteDialect(location);
}

async function coded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw isLeakproofError(error) ? error : unavailable(error);
  }
}

function unavailable(cause: unknown): LeakproofError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new LeakproofError('LP-STORE-UNAVAILABLE', `The database refused: ${detail}`, { cause });
}
