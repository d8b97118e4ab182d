import { type AlertRecord, routeRecord } from '@leakproof/alert';
import { DAY_MS } from '../clocks/calendar.ts';
import { changeCase } from './change-case.ts';
import type { DeskContext } from './context.ts';
import { recordRow } from './outgoing.ts';

/** Computes the due times of open cases again, if the policy is another than the one they were computed with. */
async function applyPolicy(context: DeskContext): Promise<void> {
  const { rows } = context.store;
  const policy = JSON.stringify(context.policy);
  if ((await rows.setting('policy')) === policy) return;
  for (const { id } of await rows.open()) await changeCase(id, () => [], context);
  await rows.set('policy', policy);
}

/** Takes every step that is due. Returns how many cases changed. */
export async function passTime(context: DeskContext): Promise<number> {
  await applyPolicy(context);
  let changed = 0;
  for (;;) {
    const ids = await context.store.rows.awake(context.now());
    for (const id of ids) await changeCase(id, () => [], context);
    changed += ids.length;
    if (ids.length === 0) break;
  }
  await watchChannels(context);
  return changed;
}

/** Alarms for channels that nobody has opened, and again after as many days. */
async function watchChannels(context: DeskContext): Promise<void> {
  const nowMs = context.now();
  const known = new Map((await context.store.rows.channels()).map((row) => [row.name, row]));
  for (const { name, days } of context.channels) {
    const row = known.get(name) ?? { name, openedMs: nowMs, alarmedMs: null };
    if (!known.has(name)) await context.store.rows.putChannel(row);
    const sinceMs = Math.max(row.openedMs, row.alarmedMs ?? 0);
    if (nowMs - sinceMs < days * DAY_MS) continue;
    await context.store.transact(async (rows) => {
      await rows.putChannel({ ...row, alarmedMs: nowMs });
      const summary = `Nobody has opened the channel ${name} since ${new Date(row.openedMs).toISOString().slice(0, 10)}`;
      const record: AlertRecord = {
        kind: 'channel-unopened',
        role: 'lead',
        atMs: nowMs,
        summary,
        data: { kind: 'channel-unopened', channel: name },
      };
      const leads = context.program.hasMail
        ? (await rows.staff()).flatMap(({ role, mail }) =>
            role === 'lead' && mail !== null ? [{ sink: 'mail', target: mail }] : [],
          )
        : [];
      for (const to of routeRecord([...context.program.rules, ...leads], record))
        await rows.queue(recordRow(record, to, context));
    });
  }
}

/** A person has opened a channel. */
export async function channelOpened(name: string, { store, now }: DeskContext): Promise<void> {
  await store.rows.putChannel({ name, openedMs: now(), alarmedMs: null });
}
