import type { Dialect } from 'kysely';

export type DialectName = 'sqlite' | 'postgresql';

/** What differs between the two databases. */
export interface StoreDialect {
  readonly name: DialectName;
  readonly kysely: Dialect;
  /** Column types of SQL. */
  readonly types: { readonly sequence: string; readonly integer: string; readonly bytes: string };
  /** Statements that make the rows of `table` unchangeable. */
  readonly appendOnly: (table: string) => readonly string[];
  /** A statement that lets one process at a time migrate; none where the database is locked by its transaction. */
  readonly migrationLock?: string | undefined;
  /** A statement after rows with a given `seq` were inserted into `events`. */
  readonly afterRestore?: string | undefined;
  /** Whether a transaction that failed with `error` should be tried again. */
  isConflict(error: unknown): boolean;
}

/** The `code` of a database error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
