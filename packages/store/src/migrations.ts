import { type Kysely, sql } from 'kysely';
import { LeakproofError } from '@leakproof/core';
import type { StoreDialect } from './dialects/dialect.ts';

/** The statements of each version of the schema, in order. A published entry is never changed: add another. */
const MIGRATIONS: readonly ((dialect: StoreDialect) => readonly string[])[] = [
  ({ types: { sequence, integer, bytes }, appendOnly }) => [
    `create table cases (id text primary key, "keyHash" text not null unique, "openedMs" ${integer} not null, title text not null,
      party text, "dueMs" ${integer}, "wakeMs" ${integer}, priority ${integer} not null, events ${integer} not null)`,
    'create index cases_due on cases ("dueMs")',
    'create index cases_wake on cases ("wakeMs")',
    `create table events (seq ${sequence}, "caseId" text not null references cases (id), n ${integer} not null, "atMs" ${integer} not null,
      kind text not null, actor text not null, body text not null, unique ("caseId", n))`,
    'create index events_kind on events (kind)',
    ...appendOnly('events'),
    `create table files (id text primary key, "caseId" text not null references cases (id), name text not null, sha256 text not null,
      "sizeBytes" ${integer} not null, content ${bytes} not null)`,
    'create index files_case on files ("caseId")',
    `create table proofs (id text primary key, "caseId" text not null references cases (id), format text not null, body text not null,
      runnable ${integer} not null, "addedMs" ${integer} not null)`,
    'create index proofs_case on proofs ("caseId")',
    'create table findings ("caseId" text not null references cases (id), finding text not null, primary key (finding, "caseId"))',
    `create table outbox (id text primary key, "caseId" text, sink text not null, target text not null, body text not null,
      "madeMs" ${integer} not null, "nextMs" ${integer} not null, attempts ${integer} not null, state text not null, error text)`,
    'create index outbox_next on outbox (state, "nextMs")',
    'create table staff (name text primary key, role text not null, "keyHash" text not null unique, mail text)',
    `create table sessions ("tokenHash" text primary key, staff text not null, "untilMs" ${integer} not null)`,
    `create table channels (name text primary key, "openedMs" ${integer} not null, "alarmedMs" ${integer})`,
    `create table notices ("caseId" text not null references cases (id), person text not null, state text not null,
      "atMs" ${integer} not null, how text, primary key ("caseId", person))`,
    'create table settings (name text primary key, value text not null)',
  ],
];

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the schema up to date, in one transaction. Throws LP-STORE-NEWER if a later release made it. */
export async function migrate<T>(db: Kysely<T>, dialect: StoreDialect): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(transaction);
    if (dialect.migrationLock !== undefined) await run(dialect.migrationLock);
    await run('create table if not exists schema_version (version integer not null)');
    const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(transaction);
    const version = rows[0]?.version ?? 0;
    if (version > SCHEMA_VERSION)
      throw new LeakproofError(
        'LP-STORE-NEWER',
        `The database has schema ${version}; this release knows ${SCHEMA_VERSION}.`,
      );
    if (version === SCHEMA_VERSION) return;
    for (const statements of MIGRATIONS.slice(version)) {
      for (const statement of statements(dialect)) await run(statement);
    }
    await run('delete from schema_version');
    await run(`insert into schema_version values (${SCHEMA_VERSION})`);
  });
}
