import { LeakproofError } from '@leakproof/core';
import type { CaseRow, EventRow, Rows } from '@leakproof/store';
import { applyEvent, foldEvents } from '../cases/apply-event.ts';
import { type Case, verdictOf } from '../cases/case.ts';
import type { Actor, CaseEvent, EventBody } from '../cases/event.ts';
import { courtOf } from '../clocks/clocks.ts';
import { tick, wakeOf } from '../clocks/tick.ts';
import type { DeskContext } from './context.ts';
import { outgoing } from './outgoing.ts';

export interface LoadedCase {
  readonly row: CaseRow;
  readonly desk: Case;
  readonly events: readonly CaseEvent[];
}

/** Reads a case. Throws LP-DESK-CASE-UNKNOWN. */
export async function loadCase(rows: Rows, id: string, context: DeskContext): Promise<LoadedCase> {
  const row = await rows.get(id);
  if (!row) throw new LeakproofError('LP-DESK-CASE-UNKNOWN', 'There is no such case.');
  const events = (await rows.eventsOf(id)).map(eventOf);
  return { row, events, desk: foldEvents(events, context.policy) };
}

/**
 * Adds events to a case: those that time has caused by now, then those of `decide`. Events, the row, and messages are one transaction;
 * when it resolves, they are on disk.
 */
export async function changeCase(
  id: string,
  decide: (loaded: LoadedCase, rows: Rows) => Promise<readonly NewEvent[]> | readonly NewEvent[],
  context: DeskContext,
): Promise<LoadedCase> {
  return context.store.transact(async (rows) => {
    const before = await loadCase(rows, id, context);
    const nowMs = context.now();
    const late = tick(before.desk, nowMs, context.policy);
    const current = {
      ...before,
      desk: late.reduce((desk, event) => applyEvent(desk, event, context.policy), before.desk),
    };
    const decided = (await decide(current, rows)).map(({ actor, body }): CaseEvent => ({ atMs: nowMs, actor, body }));
    const added = [...late, ...decided];
    const desk = decided.reduce((each, event) => applyEvent(each, event, context.policy), current.desk);
    const change = { ...rowState(desk, context), events: before.events.length + added.length };
    await rows.append(added.map((event, at) => rowOf(id, before.events.length + at + 1, event)));
    await rows.update(id, change);
    await queueMessages({ id, desk, added }, rows, context);
    return { row: { ...before.row, ...change }, desk, events: [...before.events, ...added] };
  });
}

export interface NewEvent {
  readonly actor: Actor;
  readonly body: EventBody;
}

/** Queues what events cause. */
export async function queueMessages(
  { id, desk, added }: { readonly id: string; readonly desk: Case; readonly added: readonly CaseEvent[] },
  rows: Rows,
  context: DeskContext,
): Promise<void> {
  const staff = await rows.staff();
  const court = courtOf(desk, context.policy);
  for (const event of added) {
    for (const message of outgoing(event, { id, desk, court, staff }, context)) await rows.queue(message);
  }
}

/** The columns that are derived from the events. */
export function rowState(
  desk: Case,
  { policy }: DeskContext,
): Pick<CaseRow, 'party' | 'dueMs' | 'wakeMs' | 'priority'> {
  const court = courtOf(desk, policy);
  return {
    party: court?.party ?? null,
    dueMs: court?.dueMs ?? null,
    wakeMs: wakeOf(desk, policy) ?? null,
    priority: priorityOf(desk),
  };
}

/** Reproduced cases go first; then by how many people are exposed, in powers of ten. */
function priorityOf(desk: Case): number {
  const verdict = verdictOf(desk);
  const isReproduced = verdict === 'reproduced' || verdict === 'half';
  const people = desk.counts?.people ?? 0;
  return (isReproduced ? 100 : 0) + (people > 0 ? Math.min(Math.floor(Math.log10(people)) + 1, 20) : 0);
}

export function rowOf(caseId: string, n: number, { atMs, actor, body }: CaseEvent): EventRow {
  return { caseId, n, atMs, kind: body.kind, actor, body: JSON.stringify(body) };
}

function eventOf({ atMs, actor, body }: EventRow): CaseEvent {
  return { atMs, actor: actor as Actor, body: JSON.parse(body) as EventBody };
}
