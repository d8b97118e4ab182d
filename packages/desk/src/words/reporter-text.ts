import type { EpochMs } from '@leakproof/core';
import type { Case } from '../cases/case.ts';
import type { CaseEvent } from '../cases/event.ts';
import { type Calendar, formatTime } from '../clocks/calendar.ts';

const VERDICTS = {
  reproduced: 'Your proof was run and is reproduced: the leak is open.',
  half: 'Your proof was run: the leak is half fixed. Some attempts are closed and others still succeed. The case stays open.',
  'not reproduced': 'Your proof was run and is not reproduced.',
  inconclusive: 'Your proof was run, and the result is inconclusive. That closes nothing: it is run again.',
} as const;

const REPORT_STATES = {
  received: 'Your report is open again.',
  valid: 'Your report was judged valid.',
  invalid: 'Your report was judged not to be a vulnerability.',
  accepted: 'We will fix what you reported.',
  deferred: 'The fix is deferred.',
  closed: 'The case is closed. If you write again, it opens again.',
} as const;

const ROLES = { assignee: 'the person in charge', lead: 'their lead', executive: 'an executive' } as const;

export interface ThreadEntry {
  readonly atMs: EpochMs;
  readonly from: 'you' | 'person' | 'program';
  /** The name of a person. */
  readonly name?: string | undefined;
  readonly text: string;
}

/** What an event says to the reporter; undefined for what stays inside. Names of other reporters and cases never appear. */
export function reporterText({ body }: CaseEvent, calendar: Calendar): string | undefined {
  const time = (ms: EpochMs): string => formatTime(calendar, ms);
  switch (body.kind) {
    case 'received':
    case 'reporter-message':
    case 'staff-message':
      return body.text;
    case 'report':
      return `${REPORT_STATES[body.to]}${body.resolution === undefined ? '' : ` Resolution: ${body.resolution}.`} ${body.reason}`.trim();
    case 'embargo':
      if (body.to === 'revise' || body.to === 'proposed')
        return `We ask you to agree to an embargo until ${time(body.untilMs ?? 0)}. Reason: ${body.reason} Without your answer nothing changes.`;
      if (body.to === 'active')
        return `The embargo is active${body.untilMs === undefined ? '' : ` until ${time(body.untilMs)}`}. ${body.reason}`;
      return `There is no embargo any more. ${body.reason}`;
    case 'priority':
      return body.fixDays === null ? `Priority: ${body.label}.` : `Priority: to be fixed within ${body.fixDays} days.`;
    case 'proof':
      return `We have taken in your proof (${body.format}: ${body.note}). Values and credentials in it were not kept.`;
    case 'retest':
      return `${VERDICTS[body.verdict]}${body.why === '' ? '' : ` ${body.why}`}`;
    case 'missed':
      if (!body.isReporterTold) return undefined;
      return `We have missed a promise: "${body.title}" was due on ${time(body.dueMs)}. ${capital(ROLES[body.role])} has been alerted. The next step is on ${time(body.nextMs)}.`;
    case 'wait-ended':
      return 'You have not answered our question yet. It is our turn again; you can still answer.';
    case 'heads-up':
      return `The embargo ends on ${time(body.deadlineMs)}.`;
    case 'deadline-passed':
      return `The embargo ended on ${time(body.deadlineMs)} and nothing was published. You are free to publish. Our status page says so.`;
    case 'duplicate':
      return 'Somebody else has reported the same. You keep this thread and your credit, and hear of every result.';
    case 'published':
      return `We have published advisory ${body.advisory}. ${body.reason}`;
    case 'fact':
      return body.fact === 'fix-deployed' ? `A fix is deployed. ${body.reason}` : undefined;
    case 'note':
    case 'assigned':
    case 'count':
    case 'breach':
    case 'notified':
      return undefined;
  }
}

/** The thread as the reporter sees it. */
export function threadOf(events: readonly CaseEvent[], calendar: Calendar): readonly ThreadEntry[] {
  return events.flatMap((event) => {
    const text = reporterText(event, calendar);
    if (text === undefined) return [];
    const isPerson = event.body.kind === 'staff-message';
    const from = event.actor === 'reporter' ? 'you' : isPerson ? 'person' : 'program';
    return [
      { atMs: event.atMs, from, text, ...(isPerson ? { name: event.actor.slice('staff:'.length) } : {}) } as const,
    ];
  });
}

/** One line for the reporter: whose turn it is. */
export function turnText(
  desk: Pick<Case, 'report'>,
  court: { party: string; dueMs: EpochMs; title: string } | undefined,
  calendar: Calendar,
): string {
  if (!court) return `The case is closed${desk.report === 'closed' ? '' : ' for now'}. If you write, it opens again.`;
  const when = formatTime(calendar, court.dueMs);
  return court.party === 'us'
    ? `It is our turn, until ${when}: ${court.title.toLowerCase()}.`
    : `It is your turn, until ${when}. After that it is ours again.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
