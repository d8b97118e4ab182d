import { type EpochMs, LeakproofError } from '@leakproof/core';
import { DAY_MS } from '../clocks/calendar.ts';
import type { Policy } from '../clocks/policy.ts';
import { decideSsvc, type SsvcPoints } from '../clocks/ssvc.ts';
import { type Case, isFixed, isProvenFixed, verdictOf } from './case.ts';
import type { EventBody } from './event.ts';
import { EMBARGO_TRANSITIONS, type Fact, FACT_REQUIRES, REPORT_TRANSITIONS, type ReportState, type Resolution } from './states.ts';

/** What a person or a reporter may ask of a case. */
export type Command =
  | { readonly do: 'write'; readonly text: string; readonly isQuestion?: boolean | undefined }
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'assign'; readonly to: string }
  | { readonly do: 'judge'; readonly to: Exclude<ReportState, 'received' | 'closed'>; readonly reason: string }
  | { readonly do: 'close'; readonly resolution: Resolution; readonly reason: string }
  | { readonly do: 'propose-embargo' | 'extend'; readonly untilMs: EpochMs; readonly reason: string }
  | { readonly do: 'end-embargo'; readonly reason: string }
  | { readonly do: 'fact'; readonly fact: Fact; readonly reason: string }
  | { readonly do: 'prioritise'; readonly points: SsvcPoints }
  | { readonly do: 'breach'; readonly isBreach: boolean; readonly reason: string; readonly people: number; readonly records: number }
  | { readonly do: 'notified'; readonly regime: string; readonly reference: string }
  | { readonly do: 'publish'; readonly advisory: string; readonly reason: string };

/** What a reporter may do besides writing: answer a proposal of a new end of the embargo. */
export type ReporterAnswer = { readonly do: 'accept-embargo' } | { readonly do: 'reject-embargo' };

const refused = (detail: string): LeakproofError => new LeakproofError('LP-DESK-REFUSED', detail);

/** The event of a command of staff. Throws LP-DESK-REFUSED with the reason. */
export function decide(desk: Case, command: Command, policy: Policy): EventBody {
  switch (command.do) {
    case 'write':
      if (command.isQuestion && desk.report === 'closed') throw refused('A closed case has no questions: the reporter may write to reopen it.');
      return { kind: 'staff-message', text: command.text, isQuestion: command.isQuestion ?? false };
    case 'note':
      return { kind: 'note', text: command.text };
    case 'assign':
      return { kind: 'assigned', to: command.to };
    case 'judge':
      checkReport(desk, command.to);
      return { kind: 'report', to: command.to, reason: command.reason };
    case 'close':
      checkClose(desk, command.resolution);
      return { kind: 'report', to: 'closed', reason: command.reason, resolution: command.resolution };
    case 'propose-embargo':
    case 'extend':
      return newEmbargo(desk, command, policy);
    case 'end-embargo':
      checkEmbargo(desk, 'exited');
      return { kind: 'embargo', to: 'exited', reason: command.reason };
    case 'fact':
      return newFact(desk, command);
    case 'prioritise': {
      const { label, fixDays } = decideSsvc(command.points);
      return { kind: 'priority', points: command.points, label, fixDays: fixDays ?? null };
    }
    case 'breach':
      return { kind: 'breach', isBreach: command.isBreach, reason: command.reason, people: command.people, records: command.records };
    case 'notified':
      if (!policy.regimes.some(({ id }) => id === command.regime)) throw refused(`No duty ${command.regime} is configured.`);
      return { kind: 'notified', regime: command.regime, reference: command.reference };
    case 'publish':
      if (desk.embargo === 'active' || desk.embargo === 'revise')
        if (!isFixed(desk)) throw refused('The embargo is active and the leak is not fixed: end the embargo first.');
      return { kind: 'published', advisory: command.advisory, reason: command.reason };
  }
}

/** The event of a reporter's answer to a proposal. Throws LP-DESK-REFUSED. */
export function decideReporter(desk: Case, answer: ReporterAnswer): EventBody {
  if (desk.embargo !== 'revise' && desk.embargo !== 'proposed') throw refused('No end of an embargo is proposed.');
  if (answer.do === 'accept-embargo')
    return { kind: 'embargo', to: 'active', untilMs: desk.proposedUntilMs, reason: 'The reporter agrees.' };
  const to = desk.embargo === 'revise' ? 'active' : 'none';
  return { kind: 'embargo', to, reason: 'The reporter does not agree.' };
}

function checkReport({ report }: Case, to: ReportState): void {
  if (!REPORT_TRANSITIONS[report].includes(to)) throw refused(`A report that is ${report} cannot become ${to}.`);
}

function checkEmbargo({ embargo }: Case, to: Case['embargo']): void {
  if (!EMBARGO_TRANSITIONS[embargo].includes(to)) throw refused(`An embargo that is ${embargo} cannot become ${to}.`);
}

/** Nobody closes a case while a reporter waits, and no case as fixed that is half fixed or cannot be told. */
function checkClose(desk: Case, resolution: Resolution): void {
  checkReport(desk, 'closed');
  if (desk.unansweredSinceMs !== undefined) throw refused('The reporter has written and no person has answered: write first.');
  if (!desk.isHeard) throw refused('No person has ever written to the reporter: write first.');
  const verdict = verdictOf(desk);
  if (verdict === 'half') throw refused('The leak is half fixed: some attempts still succeed.');
  if (resolution === 'fixed') {
    if (!desk.facts.has('fix-deployed')) throw refused('No fix is deployed.');
    if (!isProvenFixed(desk)) throw refused(`A proof is ${verdict ?? 'not retested'}: retest it first.`);
  }
  if (resolution === 'not a vulnerability' && verdict === 'reproduced') throw refused('A proof is reproduced.');
  if (resolution === 'duplicate' && desk.duplicateOf === undefined) throw refused('It is the duplicate of no other case.');
  if (desk.awareMs !== undefined && desk.breach === undefined)
    throw refused('Data was exposed: judge first whether it was a breach, for the register.');
}

function newEmbargo(
  desk: Case,
  command: Extract<Command, { do: 'propose-embargo' | 'extend' }>,
  policy: Policy,
): EventBody {
  const to = command.do === 'extend' ? 'revise' : 'proposed';
  checkEmbargo(desk, to);
  const latest = desk.arrivedMs + (policy.deadlineDays + policy.extensionDays) * DAY_MS;
  if (command.untilMs > latest)
    throw refused(`An embargo ends at the latest ${policy.deadlineDays + policy.extensionDays} days after the report.`);
  if (desk.facts.has('public') || desk.facts.has('exploit-public')) throw refused('There is nothing left to protect: it is public.');
  return { kind: 'embargo', to, untilMs: command.untilMs, reason: command.reason };
}

function newFact(desk: Case, { fact, reason }: Extract<Command, { do: 'fact' }>): EventBody {
  if (desk.facts.has(fact)) throw refused(`It is known already: ${fact}.`);
  const required = FACT_REQUIRES[fact];
  if (required !== undefined && !desk.facts.has(required)) throw refused(`${fact} needs ${required} first.`);
  return { kind: 'fact', fact, reason };
}
