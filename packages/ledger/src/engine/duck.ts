import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  VARCHAR,
  BOOLEAN,
} from '@duckdb/node-api';

export type Row = Readonly<Record<string, DuckDBValue>>;

const TYPES: Readonly<Record<string, DuckDBType>> = { BIGINT, INTEGER, VARCHAR, BOOLEAN };
const CHUNK_ROWS = 2048;

export interface DuckOptions {
  readonly threads?: number;
  readonly memory?: string;
  /** The only directory that statements may read or write. */
  readonly directory: string;
}

/** DuckDB in memory: no database file, no extension that is not built in, no access outside one directory. */
export class Duck {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open({ threads = 2, memory = '2GB', directory }: DuckOptions): Promise<Duck> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: memory,
      temp_directory: `${directory}/tmp`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      preserve_insertion_order: 'true',
    });
    const duck = new Duck(instance, await instance.connect());
    await duck.run(`set TimeZone = 'UTC'; set parquet_metadata_cache = true`);
    await duck.run(`set allowed_directories = [${literal(directory)}]`);
    await duck.run('set enable_external_access = false');
    await duck.run('set lock_configuration = true');
    return duck;
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async rows(sql: string): Promise<readonly Row[]> {
    return (await this.#connection.runAndReadAll(sql)).getRowObjects();
  }

  /** The only value of the only row, as a number. */
  async number(sql: string): Promise<number> {
    const [row = {}] = await this.rows(sql);
    return Number(Object.values(row)[0] ?? 0);
  }

  /** Appends columns of equal length. Types: BIGINT, INTEGER, VARCHAR, BOOLEAN. */
  async append(table: string, types: readonly string[], columns: readonly (readonly DuckDBValue[])[]): Promise<void> {
    const length = columns[0]?.length ?? 0;
    if (length === 0) return;
    const appender = await this.#connection.createAppender(table);
    const known = types.map((type) => TYPES[type] ?? VARCHAR);
    for (let from = 0; from < length; from += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(known);
      chunk.setColumns(columns.map((column) => column.slice(from, from + CHUNK_ROWS)));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
