import type { Kysely } from 'kysely';
import type { CaseRow, EventRow, FileRow, FindingRow, NoticeRow, ProofRow, Tables } from '../tables.ts';

/** Cases with their events, files, proofs and notices. */
export function caseRows(db: Kysely<Tables>) {
  const one = async <T>(query: Promise<T | undefined>): Promise<T | undefined> => query;
  return {
    insert: async (row: CaseRow): Promise<void> => void (await db.insertInto('cases').values(row).execute()),
    update: async (id: string, change: Partial<CaseRow>): Promise<void> =>
      void (await db.updateTable('cases').set(change).where('id', '=', id).execute()),
    get: (id: string) => one(db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirst()),
    byKeyHash: (hash: string) => one(db.selectFrom('cases').selectAll().where('keyHash', '=', hash).executeTakeFirst()),
    addFindings: async (rows: readonly FindingRow[]): Promise<void> => {
      if (rows.length === 0) return;
      await db
        .insertInto('findings')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['finding', 'caseId']).doNothing())
        .execute();
    },
    /** Cases about one of these findings, the oldest first. */
    byFindings: async (findings: readonly string[]): Promise<CaseRow[]> => {
      if (findings.length === 0) return [];
      const ids = db.selectFrom('findings').select('caseId').where('finding', 'in', findings);
      return db.selectFrom('cases').selectAll().where('id', 'in', ids).orderBy('openedMs').orderBy('id').execute();
    },
    all: (): Promise<CaseRow[]> => db.selectFrom('cases').selectAll().orderBy('openedMs').execute(),
    /** Open cases; the next due first. */
    open: (): Promise<CaseRow[]> =>
      db
        .selectFrom('cases')
        .selectAll()
        .where('party', 'is not', null)
        .orderBy('dueMs')
        .orderBy('priority', 'desc')
        .orderBy('id')
        .execute(),
    /** Ids of cases with a clock that needs attention at `nowMs`. */
    awake: async (nowMs: number): Promise<string[]> => {
      const rows = await db
        .selectFrom('cases')
        .select('id')
        .where('wakeMs', '<=', nowMs)
        .orderBy('wakeMs')
        .limit(1000)
        .execute();
      return rows.map(({ id }) => id);
    },
    append: async (rows: readonly EventRow[]): Promise<void> =>
      void (rows.length > 0 && (await db.insertInto('events').values(rows).execute())),
    eventsOf: (caseId: string): Promise<EventRow[]> =>
      db
        .selectFrom('events')
        .select(['caseId', 'n', 'atMs', 'kind', 'actor', 'body'])
        .where('caseId', '=', caseId)
        .orderBy('n')
        .execute(),
    /** Ids of cases that have an event of this kind. */
    withEvent: async (kind: string): Promise<string[]> => {
      const rows = await db
        .selectFrom('events')
        .select('caseId')
        .distinct()
        .where('kind', '=', kind)
        .orderBy('caseId')
        .execute();
      return rows.map(({ caseId }) => caseId);
    },
    addFile: async (row: FileRow): Promise<void> => void (await db.insertInto('files').values(row).execute()),
    filesOf: (caseId: string): Promise<Omit<FileRow, 'content'>[]> =>
      db
        .selectFrom('files')
        .select(['id', 'caseId', 'name', 'sha256', 'sizeBytes'])
        .where('caseId', '=', caseId)
        .orderBy('id')
        .execute(),
    file: (id: string) => one(db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst()),
    addProof: async (row: ProofRow): Promise<void> => void (await db.insertInto('proofs').values(row).execute()),
    proofsOf: (caseId: string): Promise<ProofRow[]> =>
      db.selectFrom('proofs').selectAll().where('caseId', '=', caseId).orderBy('addedMs').orderBy('id').execute(),
    runnableProofs: (): Promise<ProofRow[]> =>
      db.selectFrom('proofs').selectAll().where('runnable', '=', 1).orderBy('addedMs').orderBy('id').execute(),
    /** Adds people who are owed a notice, and leaves those alone that are there already. */
    owe: async (rows: readonly NoticeRow[]): Promise<void> => {
      for (let at = 0; at < rows.length; at += 500) {
        await db
          .insertInto('notices')
          .values(rows.slice(at, at + 500))
          .onConflict((conflict) => conflict.columns(['caseId', 'person']).doNothing())
          .execute();
      }
    },
    setNotice: async ({ caseId, person, ...change }: NoticeRow): Promise<number> => {
      const result = await db
        .updateTable('notices')
        .set(change)
        .where('caseId', '=', caseId)
        .where('person', '=', person)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },
    noticesOf: (caseId: string): Promise<NoticeRow[]> =>
      db.selectFrom('notices').selectAll().where('caseId', '=', caseId).orderBy('person').execute(),
  };
}
