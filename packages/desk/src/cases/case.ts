import type { EpochMs } from '@leakproof/core';
import type { Counts, Report, RetestTrigger, RetestVerdict } from './event.ts';
import type { EmbargoState, Fact, ReportState, Resolution } from './states.ts';

export interface Retest {
  readonly verdict: RetestVerdict;
  readonly trigger: RetestTrigger;
  readonly atMs: EpochMs;
  readonly why: string;
}

/** What the events of a case add up to. */
export interface Case {
  readonly arrivedMs: EpochMs;
  readonly original: Report;
  readonly channel: string;
  readonly report: ReportState;
  readonly resolution?: Resolution | undefined;
  readonly embargo: EmbargoState;
  readonly embargoUntilMs?: EpochMs | undefined;
  /** A new end that one party has proposed. */
  readonly proposedUntilMs?: EpochMs | undefined;
  readonly facts: ReadonlySet<Fact>;
  /** When the earliest message came that no person has answered. */
  readonly unansweredSinceMs?: EpochMs | undefined;
  /** When a person last wrote to the reporter; at first, when the report arrived. */
  readonly heardMs: EpochMs;
  /** Whether a person has ever written to the reporter. */
  readonly isHeard: boolean;
  /** Since when the reporter has been asked something. */
  readonly waitingSinceMs?: EpochMs | undefined;
  /** How long our clocks have been paused by questions, all together. */
  readonly pausedMs: number;
  /** When the report last became `received`: from here it has to be judged. */
  readonly assessFromMs: EpochMs;
  readonly fixFromMs?: EpochMs | undefined;
  /** Undefined: not decided; null: with the next upgrade. */
  readonly fixDays?: number | null | undefined;
  readonly priorityLabel?: string | undefined;
  readonly assignee?: string | undefined;
  readonly findings: ReadonlySet<string>;
  readonly runnableProofs: ReadonlySet<string>;
  /** The last retest of each proof. */
  readonly retests: ReadonlyMap<string, Retest>;
  readonly duplicateOf?: string | undefined;
  readonly counts?: Counts | undefined;
  /** When we became aware of exposure: a proof was reproduced, or a breach judged. */
  readonly awareMs?: EpochMs | undefined;
  readonly breach?:
    | { readonly isBreach: boolean; readonly people: number; readonly records: number; readonly reason: string; readonly person: string }
    | undefined;
  readonly notified: ReadonlySet<string>;
  /** Steps of escalation that were taken, by clock. */
  readonly missed: ReadonlyMap<string, number>;
  readonly isHeadsUpGiven: boolean;
  readonly deadlinePassedMs?: EpochMs | undefined;
  readonly publishedMs?: EpochMs | undefined;
  readonly advisory?: string | undefined;
  readonly assessedMs?: EpochMs | undefined;
  readonly firstHeardMs?: EpochMs | undefined;
  readonly closedMs?: EpochMs | undefined;
}

/** Whether anybody still owes anything. */
export function isOpen({ report, unansweredSinceMs }: Pick<Case, 'report' | 'unansweredSinceMs'>): boolean {
  return report !== 'closed' || unansweredSinceMs !== undefined;
}

/** The worst of the last retests; undefined without any. */
export function verdictOf({ retests }: Pick<Case, 'retests'>): RetestVerdict | undefined {
  const verdicts = [...retests.values()].map(({ verdict }) => verdict);
  if (verdicts.length === 0) return undefined;
  if (verdicts.includes('half')) return 'half';
  if (verdicts.includes('reproduced')) return verdicts.includes('not reproduced') ? 'half' : 'reproduced';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'not reproduced';
}

/** Whether every runnable proof was retested last with `not reproduced`. On arrival only part of a proof may have run: that counts for nothing. */
export function isProvenFixed(desk: Pick<Case, 'retests' | 'runnableProofs'>): boolean {
  return [...desk.runnableProofs].every((proof) => {
    const last = desk.retests.get(proof);
    return last?.verdict === 'not reproduced' && last.trigger !== 'arrival';
  });
}

/** Whether a fix is in place, and no proof says otherwise. */
export function isFixed(desk: Pick<Case, 'facts' | 'retests' | 'runnableProofs'>): boolean {
  return desk.facts.has('fix-deployed') && isProvenFixed(desk);
}
