import { chmodSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect } from 'kysely';
import { codeOf, type StoreDialect } from './dialect.ts';

const BUSY = 5;
const CONSTRAINT_UNIQUE = new Set([1555, 2067]);

/** SQLite of Node, with a write-ahead log. A commit is on disk before it returns (`synchronous = FULL`). `:memory:` is kept nowhere. */
export function sqliteDialect(path: string): StoreDialect {
  const database = new DatabaseSync(path);
  if (path !== ':memory:') chmodSync(path, 0o600);
  database.exec(
    'PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;',
  );
  return {
    name: 'sqlite',
    kysely: new SqliteDialect({ database: forKysely(database) }),
    types: { sequence: 'integer primary key autoincrement', integer: 'integer', bytes: 'blob' },
    appendOnly: (table) =>
      ['update', 'delete'].map(
        (change) =>
          `create trigger ${table}_no_${change} before ${change} on ${table} begin select raise(abort, '${table} are append-only'); end`,
      ),
    isConflict: (error) => {
      if (codeOf(error) !== 'ERR_SQLITE_ERROR') return false;
      const number = (error as { errcode?: number }).errcode ?? 0;
      return (number & 0xff) === BUSY || CONSTRAINT_UNIQUE.has(number);
    },
  };
}

/** The part of `better-sqlite3` that kysely's dialect uses, over `node:sqlite`. */
function forKysely(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      // A transaction takes the writer's lock when it begins: a later upgrade of a read could fail at once.
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
      const bound = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...bound(parameters)),
        run: (parameters) => statement.run(...bound(parameters)),
        iterate: (parameters) => statement.iterate(...bound(parameters)),
      };
    },
  };
}
