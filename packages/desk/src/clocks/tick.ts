import type { EpochMs } from '@leakproof/core';
import { applyEvent } from '../cases/apply-event.ts';
import { type Case, isOpen } from '../cases/case.ts';
import type { CaseEvent, EventBody } from '../cases/event.ts';
import { addBusinessDays, DAY_MS } from './calendar.ts';
import { type Clock, clocksOf } from './clocks.ts';
import type { Policy } from './policy.ts';

/** No more events than this come from one tick: the rest come from the next. */
const MAX_EVENTS = 200;

/** What the passing of time does to a case: one event for each step that was missed by `nowMs`, in order. */
export function tick(before: Case, nowMs: EpochMs, policy: Policy): readonly CaseEvent[] {
  const events: CaseEvent[] = [];
  let desk = before;
  while (events.length < MAX_EVENTS) {
    const next = nextStep(desk, policy);
    if (!next || next.atMs > nowMs) break;
    const event: CaseEvent = { atMs: nowMs, actor: 'desk', body: next.body };
    events.push(event);
    desk = applyEvent(desk, event, policy);
  }
  return events;
}

/** When the case next needs attention. */
export function wakeOf(desk: Case, policy: Policy): EpochMs | undefined {
  return nextStep(desk, policy)?.atMs;
}

interface Step {
  readonly atMs: EpochMs;
  readonly body: EventBody;
}

function nextStep(desk: Case, policy: Policy): Step | undefined {
  const steps = [
    ...clocksOf(desk, policy).map((clock) => clockStep(clock, desk, policy)),
    ...deadlineSteps(desk, policy),
  ];
  return steps.sort((a, b) => a.atMs - b.atMs)[0];
}

function clockStep(clock: Clock, desk: Case, policy: Policy): Step {
  if (clock.party === 'reporter') return { atMs: clock.dueMs, body: { kind: 'wait-ended', sinceMs: clock.startMs } };
  const level = desk.missed.get(clock.id) ?? 0;
  const { id, title, dueMs, isReporterTold } = clock;
  const nextMs = stepMs(dueMs, level + 1, policy);
  const role = policy.steps[Math.min(level, policy.steps.length - 1)]?.role ?? 'executive';
  const body = { kind: 'missed', clock: id, title, level: level + 1, role, isReporterTold, dueMs, nextMs } as const;
  return { atMs: stepMs(dueMs, level, policy), body };
}

/** When the step after `level` others is taken. The last one repeats. */
function stepMs(dueMs: EpochMs, level: number, { calendar, steps, repeatDays }: Policy): EpochMs {
  const last = steps.length - 1;
  const step = steps[Math.min(level, last)];
  return (
    addBusinessDays(calendar, dueMs, step?.afterBusinessDays ?? 0) + Math.max(level - last, 0) * repeatDays * DAY_MS
  );
}

/** The end of an embargo, and the reminder before it. */
function deadlineSteps(desk: Case, { headsUpDays }: Policy): readonly Step[] {
  const { embargo, embargoUntilMs: deadlineMs, isHeadsUpGiven, report } = desk;
  const isRunning = embargo === 'active' || embargo === 'revise';
  if (!isRunning || deadlineMs === undefined || !isOpen(desk) || report === 'invalid' || report === 'closed') return [];
  const headsUp: Step = { atMs: deadlineMs - headsUpDays * DAY_MS, body: { kind: 'heads-up', deadlineMs } };
  return [...(isHeadsUpGiven ? [] : [headsUp]), { atMs: deadlineMs, body: { kind: 'deadline-passed', deadlineMs } }];
}
