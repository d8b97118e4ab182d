import type { EpochMs } from '@leakproof/core';
import type { Policy } from '../clocks/policy.ts';
import { DAY_MS } from '../clocks/calendar.ts';
import type { Case } from './case.ts';
import type { CaseEvent, EventBody } from './event.ts';

type Received = Extract<EventBody, { kind: 'received' }>;

/** The case after all `events`, of which the first is `received`. */
export function foldEvents(events: readonly CaseEvent[], policy: Policy): Case {
  const [first, ...rest] = events;
  if (first?.body.kind !== 'received') throw new Error('A case begins with its report.');
  return rest.reduce((before, event) => applyEvent(before, event, policy), openCase(first.body, policy));
}

/** The case of a report that has just arrived. Its embargo is the published policy's, unless there is nothing left to protect. */
export function openCase(received: Received, policy: Policy): Case {
  const { kind: _, channel, arrivedMs, ...original } = received;
  const isOut = original.isPublic === true;
  const hasEmbargo = !isOut && original.isEmbargoRefused !== true;
  const plannedMs = original.plannedMs !== undefined && original.plannedMs > arrivedMs ? original.plannedMs : Infinity;
  return {
    arrivedMs,
    original,
    channel,
    report: 'received',
    embargo: hasEmbargo ? 'active' : 'none',
    embargoUntilMs: hasEmbargo ? Math.min(plannedMs, arrivedMs + policy.deadlineDays * DAY_MS) : undefined,
    facts: new Set(['vendor-aware', ...(isOut ? (['public'] as const) : []), ...(original.isExploited ? (['attacks-seen'] as const) : [])]),
    unansweredSinceMs: arrivedMs,
    heardMs: arrivedMs,
    isHeard: false,
    pausedMs: 0,
    assessFromMs: arrivedMs,
    findings: new Set(),
    runnableProofs: new Set(),
    retests: new Map(),
    notified: new Set(),
    missed: new Map(),
    isHeadsUpGiven: false,
  };
}

/** The case after one more event. Any event is accepted: what is allowed is decided before (`decide.ts`). */
export function applyEvent(before: Case, { atMs, body, actor }: CaseEvent, policy: Policy): Case {
  switch (body.kind) {
    case 'reporter-message':
      return { ...reopened(endWait(before, atMs, policy), atMs), unansweredSinceMs: before.unansweredSinceMs ?? atMs };
    case 'staff-message':
      return heard(before, atMs, { isQuestion: body.isQuestion, policy });
    case 'report':
      return afterReport(before, atMs, body);
    case 'embargo':
      return afterEmbargo(before, atMs, { body, policy });
    case 'fact':
      return afterFact(before, body.fact);
    case 'priority':
      return { ...before, fixDays: body.fixDays, priorityLabel: body.label };
    case 'assigned':
      return { ...before, assignee: body.to };
    case 'proof':
      return {
        ...before,
        runnableProofs: body.isRunnable ? new Set([...before.runnableProofs, body.proof]) : before.runnableProofs,
        findings: new Set([...before.findings, ...body.findings]),
      };
    case 'retest':
      return afterRetest(before, atMs, body);
    case 'duplicate':
      return { ...before, duplicateOf: body.of };
    case 'count': {
      const { kind: _, ...counts } = body;
      return afterCount({ ...before, counts }, atMs);
    }
    case 'breach': {
      const { isBreach, reason, people, records } = body;
      return {
        ...before,
        breach: { isBreach, reason, people, records, person: actor.replace(/^staff:/, '') },
        awareMs: isBreach ? (before.awareMs ?? atMs) : before.awareMs,
      };
    }
    case 'notified':
      return { ...before, notified: new Set([...before.notified, body.regime]) };
    case 'missed':
      return { ...before, missed: new Map([...before.missed, [body.clock, body.level]]) };
    case 'wait-ended':
      return endWait(before, atMs, policy);
    case 'heads-up':
      return { ...before, isHeadsUpGiven: true };
    case 'deadline-passed':
      return { ...before, deadlinePassedMs: atMs, embargo: 'exited', proposedUntilMs: undefined };
    case 'published':
      return { ...afterFact(before, 'public'), publishedMs: before.publishedMs ?? atMs, advisory: body.advisory };
    case 'received':
    case 'note':
      return before;
  }
}

/** A person has written: every message is answered. A question gives the turn to the reporter. */
function heard(before: Case, atMs: EpochMs, how: { readonly isQuestion: boolean; readonly policy: Policy }): Case {
  const answered = {
    ...endWait(before, atMs, how.policy),
    unansweredSinceMs: undefined,
    heardMs: atMs,
    isHeard: true,
    firstHeardMs: before.firstHeardMs ?? atMs,
  };
  return how.isQuestion && before.report !== 'closed' ? { ...answered, waitingSinceMs: atMs } : answered;
}

/** Ends the reporter's turn. It paused our clocks, for as long as the policy allows. */
function endWait(before: Case, atMs: EpochMs, policy: Policy): Case {
  if (before.waitingSinceMs === undefined) return before;
  const waited = Math.min(Math.max(atMs - before.waitingSinceMs, 0), policy.replyDays * DAY_MS);
  return { ...before, waitingSinceMs: undefined, pausedMs: before.pausedMs + waited };
}

/** A closed case on which the reporter writes is to be judged again. */
function reopened(before: Case, atMs: EpochMs): Case {
  if (before.report !== 'closed') return before;
  return {
    ...before,
    report: 'received',
    resolution: undefined,
    closedMs: undefined,
    assessFromMs: atMs,
    fixFromMs: undefined,
    heardMs: atMs,
    pausedMs: 0,
  };
}

function afterReport(before: Case, atMs: EpochMs, body: Extract<EventBody, { kind: 'report' }>): Case {
  const isJudged = body.to === 'valid' || body.to === 'invalid';
  return {
    ...before,
    report: body.to,
    resolution: body.resolution,
    assessedMs: isJudged ? (before.assessedMs ?? atMs) : before.assessedMs,
    fixFromMs: body.to === 'valid' ? (before.fixFromMs ?? atMs) : before.fixFromMs,
    ...(body.to === 'closed' ? { closedMs: atMs, waitingSinceMs: undefined } : {}),
  };
}

function afterEmbargo(
  before: Case,
  atMs: EpochMs,
  { body, policy }: { readonly body: Extract<EventBody, { kind: 'embargo' }>; readonly policy: Policy },
): Case {
  const { to, untilMs } = body;
  if (to === 'revise' || to === 'proposed')
    // The proposal is a question to the reporter.
    return { ...heard(before, atMs, { isQuestion: true, policy }), embargo: to, proposedUntilMs: untilMs };
  const ended = endWait(before, atMs, policy);
  return {
    ...ended,
    embargo: to,
    embargoUntilMs: to === 'active' ? (untilMs ?? before.embargoUntilMs) : before.embargoUntilMs,
    proposedUntilMs: undefined,
    isHeadsUpGiven: to === 'active' && untilMs !== undefined && untilMs !== before.embargoUntilMs ? false : before.isHeadsUpGiven,
  };
}

/** An embargo ends at once when the flaw or an exploit is public. */
function afterFact(before: Case, fact: Case['facts'] extends ReadonlySet<infer F> ? F : never): Case {
  const facts = new Set([...before.facts, fact]);
  const isOut = fact === 'public' || fact === 'exploit-public';
  const embargo = isOut && (before.embargo === 'active' || before.embargo === 'revise') ? 'exited' : before.embargo;
  const isDropped = isOut && before.embargo === 'proposed';
  return {
    ...before,
    facts,
    embargo: isDropped ? 'none' : embargo,
    proposedUntilMs: isOut ? undefined : before.proposedUntilMs,
  };
}

function afterRetest(before: Case, atMs: EpochMs, body: Extract<EventBody, { kind: 'retest' }>): Case {
  const { verdict, why, proof, trigger } = body;
  const isOpenAgain = verdict === 'reproduced' || verdict === 'half';
  return {
    ...before,
    retests: new Map([...before.retests, [proof, { verdict, trigger, why, atMs }]]),
    awareMs: isOpenAgain ? (before.awareMs ?? atMs) : before.awareMs,
    // A leak that has come back is open again, whatever was decided about it.
    ...(isOpenAgain && before.report === 'closed' && before.resolution === 'fixed'
      ? { report: 'accepted' as const, resolution: undefined, closedMs: undefined, heardMs: atMs, fixFromMs: atMs, pausedMs: 0 }
      : {}),
  };
}

/** A judgement of "no breach" holds for the counts it relied on, and for no more. */
function afterCount(before: Case, atMs: EpochMs): Case {
  const { breach, counts } = before;
  if (!breach || breach.isBreach || !counts) return before;
  if (counts.people <= breach.people && counts.records <= breach.records) return before;
  const open = { ...before, breach: undefined, awareMs: atMs };
  return before.report === 'closed'
    ? { ...open, report: 'accepted', resolution: undefined, closedMs: undefined, heardMs: atMs, fixFromMs: atMs, pausedMs: 0 }
    : open;
}
