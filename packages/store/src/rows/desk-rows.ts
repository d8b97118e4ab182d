import type { Kysely } from 'kysely';
import type { ChannelRow, OutboxRow, SessionRow, StaffRow, Tables } from '../tables.ts';

/** Staff, sessions, channels, settings and the outbox. */
export function deskRows(db: Kysely<Tables>) {
  return {
    putStaff: async (row: StaffRow): Promise<void> => {
      const { name, ...rest } = row;
      await db
        .insertInto('staff')
        .values({ ...rest, name })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(rest))
        .execute();
    },
    removeStaff: async (name: string): Promise<void> => {
      await db.deleteFrom('sessions').where('staff', '=', name).execute();
      await db.deleteFrom('staff').where('name', '=', name).execute();
    },
    staff: (): Promise<StaffRow[]> => db.selectFrom('staff').selectAll().orderBy('name').execute(),
    staffByKeyHash: (hash: string) => db.selectFrom('staff').selectAll().where('keyHash', '=', hash).executeTakeFirst(),
    addSession: async (row: SessionRow): Promise<void> => {
      await db
        .deleteFrom('sessions')
        .where('untilMs', '<', row.untilMs - 7 * 86_400_000)
        .execute();
      await db.insertInto('sessions').values(row).execute();
    },
    removeSession: async (tokenHash: string): Promise<void> =>
      void (await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute()),
    sessionStaff: (tokenHash: string, nowMs: number): Promise<StaffRow | undefined> =>
      db
        .selectFrom('sessions')
        .innerJoin('staff', 'staff.name', 'sessions.staff')
        .select(['staff.name', 'staff.role', 'staff.keyHash', 'staff.mail'])
        .where('tokenHash', '=', tokenHash)
        .where('untilMs', '>', nowMs)
        .executeTakeFirst(),
    putChannel: async (row: ChannelRow): Promise<void> => {
      const { name, ...rest } = row;
      await db
        .insertInto('channels')
        .values({ ...rest, name })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(rest))
        .execute();
    },
    channels: (): Promise<ChannelRow[]> => db.selectFrom('channels').selectAll().orderBy('name').execute(),
    setting: async (name: string): Promise<string | undefined> =>
      (await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst())?.value,
    set: async (name: string, value: string): Promise<void> =>
      void (await db
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()),
    queue: async (row: OutboxRow): Promise<void> => void (await db.insertInto('outbox').values(row).execute()),
    dueMessages: (nowMs: number, limit: number): Promise<OutboxRow[]> =>
      db
        .selectFrom('outbox')
        .selectAll()
        .where('state', '=', 'queued')
        .where('nextMs', '<=', nowMs)
        .orderBy('nextMs')
        .orderBy('id')
        .limit(limit)
        .execute(),
    messages: (caseId: string): Promise<OutboxRow[]> =>
      db.selectFrom('outbox').selectAll().where('caseId', '=', caseId).orderBy('madeMs').orderBy('id').execute(),
    allMessages: (): Promise<OutboxRow[]> =>
      db.selectFrom('outbox').selectAll().orderBy('madeMs').orderBy('id').execute(),
    setMessage: async (id: string, change: Partial<OutboxRow>): Promise<void> =>
      void (await db.updateTable('outbox').set(change).where('id', '=', id).execute()),
  };
}
