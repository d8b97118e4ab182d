import type { EpochMs } from '@leakproof/core';
import { type Case, isFixed, isOpen } from '../cases/case.ts';
import { addBusinessDays, DAY_MS, HOUR_MS } from './calendar.ts';
import type { Policy } from './policy.ts';

export type Party = 'us' | 'reporter';

/** One running promise. */
export interface Clock {
  /** Unique in its case: a promise that is made again is another clock. */
  readonly id: string;
  readonly title: string;
  readonly party: Party;
  readonly startMs: EpochMs;
  readonly dueMs: EpochMs;
  /** Whether the reporter is told when it is missed. Notices to authorities are not the reporter's business. */
  readonly isReporterTold: boolean;
}

/** Whose turn it is, and until when. */
export interface Court {
  readonly party: Party;
  readonly dueMs: EpochMs;
  readonly clock: Clock;
}

/** The clocks that run, the next due first. */
export function clocksOf(desk: Case, policy: Policy): readonly Clock[] {
  return [...answer(desk, policy), ...whileOpen(desk, policy), ...law(desk, policy)].sort((a, b) => a.dueMs - b.dueMs);
}

/**
 * The party whose turn it is. Every case that is open has one, with a due time: either the reporter was asked something and every
 * message is answered, or it is our turn, and a person has to write within `hearDays` whatever else is due.
 */
export function courtOf(desk: Case, policy: Policy): Court | undefined {
  const clocks = clocksOf(desk, policy);
  const isReporters = desk.waitingSinceMs !== undefined && desk.unansweredSinceMs === undefined;
  const party = isReporters ? 'reporter' : 'us';
  const clock = clocks.find((each) => each.party === party);
  return clock && { party, dueMs: clock.dueMs, clock };
}

function answer(desk: Case, { calendar, answerBusinessDays }: Policy): readonly Clock[] {
  const startMs = desk.unansweredSinceMs;
  if (startMs === undefined) return [];
  return [
    {
      id: `answer@${startMs}`,
      title: 'A person answers',
      party: 'us',
      startMs,
      dueMs: addBusinessDays(calendar, startMs, answerBusinessDays),
      isReporterTold: true,
    },
  ];
}

function whileOpen(desk: Case, policy: Policy): readonly Clock[] {
  if (!isOpen(desk)) return [];
  const { heardMs, assessFromMs, fixFromMs, pausedMs, waitingSinceMs } = desk;
  const clocks: Clock[] = [];
  const add = (id: string, title: string, times: { startMs: EpochMs; dueMs: EpochMs; party?: Party }): void => {
    clocks.push({ id: `${id}@${times.startMs}`, title, party: 'us', isReporterTold: true, ...times });
  };
  if (waitingSinceMs !== undefined) {
    const dueMs = waitingSinceMs + policy.replyDays * DAY_MS;
    add('reply', 'The reporter answers our question', { startMs: waitingSinceMs, dueMs, party: 'reporter' });
    return clocks;
  }
  add('hear', 'A person writes to the reporter', { startMs: heardMs, dueMs: heardMs + policy.hearDays * DAY_MS });
  if (desk.report === 'received') {
    const dueMs = assessFromMs + policy.assessDays * DAY_MS + pausedMs;
    add('assess', 'The report is judged valid or not', { startMs: assessFromMs, dueMs });
  }
  const isToFix = desk.report === 'valid' || desk.report === 'accepted';
  if (isToFix && fixFromMs !== undefined && desk.fixDays !== null && !isFixed(desk)) {
    const dueMs = fixFromMs + (desk.fixDays ?? policy.fixDays) * DAY_MS + pausedMs;
    add('fix', 'The leak is fixed, on every server', { startMs: fixFromMs, dueMs });
  }
  return clocks;
}

/** Duties to notify run from awareness until it is judged that there was no breach, or the notice is given. */
function law(desk: Case, { regimes }: Policy): readonly Clock[] {
  const { awareMs: startMs, breach, notified } = desk;
  if (startMs === undefined || breach?.isBreach === false || !isOpen(desk)) return [];
  return regimes
    .filter(({ id }) => !notified.has(id))
    .map(({ id, title, hours }) => ({
      id: `${id}@${startMs}`,
      title,
      party: 'us' as const,
      startMs,
      dueMs: startMs + hours * HOUR_MS,
      isReporterTold: false,
    }));
}
