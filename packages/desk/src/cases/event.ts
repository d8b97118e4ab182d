import type { EpochMs } from '@leakproof/core';
import type { SsvcPoints } from '../clocks/ssvc.ts';
import type { Role } from '../clocks/policy.ts';
import type { EmbargoState, Fact, ReportState, Resolution } from './states.ts';

/** How a report came in. */
export type Channel = 'form' | 'api' | 'mail' | 'added';

/** What a reporter sent. All of it is optional but the text. */
export interface Report {
  readonly title: string;
  readonly text: string;
  readonly name?: string | undefined;
  /** A mail address for answers. */
  readonly contact?: string | undefined;
  readonly isCreditWanted?: boolean | undefined;
  readonly isPublic?: boolean | undefined;
  readonly isExploited?: boolean | undefined;
  /** The reporter sends the report without agreeing to the policy's embargo. */
  readonly isEmbargoRefused?: boolean | undefined;
  /** When the reporter means to publish. */
  readonly plannedMs?: EpochMs | undefined;
  /** How many other people's records the reporter saw, and whether they are deleted. */
  readonly foreignPeople?: number | undefined;
  readonly isDeleted?: boolean | undefined;
  /** The mail came from a program, or too many came: no program writes to the contact. */
  readonly isWithoutAutomaticMail?: boolean | undefined;
}

export type RetestVerdict = 'reproduced' | 'half' | 'not reproduced' | 'inconclusive';
export type RetestTrigger = 'arrival' | 'deploy' | 'contract' | 'schedule' | 'fixed' | 'person';

/** Exposed people and records of one period, by the ledger. */
export interface Counts {
  readonly people: number;
  readonly records: number;
  readonly classes: readonly string[];
  /** `observed` in a log, `inferred` from access logs, or an `upper bound`. */
  readonly grade: 'observed' | 'inferred' | 'upper bound';
  readonly isComplete: boolean;
}

export type EventBody =
  | ({ readonly kind: 'received'; readonly channel: Channel; readonly arrivedMs: EpochMs } & Report)
  | { readonly kind: 'reporter-message'; readonly text: string }
  | { readonly kind: 'staff-message'; readonly text: string; readonly isQuestion: boolean }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'assigned'; readonly to: string }
  | {
      readonly kind: 'report';
      readonly to: ReportState;
      readonly reason: string;
      readonly resolution?: Resolution | undefined;
    }
  | {
      readonly kind: 'embargo';
      readonly to: EmbargoState;
      readonly untilMs?: EpochMs | undefined;
      readonly reason: string;
    }
  | { readonly kind: 'fact'; readonly fact: Fact; readonly reason: string }
  | { readonly kind: 'priority'; readonly points: SsvcPoints; readonly label: string; readonly fixDays: number | null }
  | {
      readonly kind: 'proof';
      readonly proof: string;
      readonly format: string;
      readonly isRunnable: boolean;
      /** Ids of the finding's records: equal ids are the same leak. */
      readonly findings: readonly string[];
      readonly note: string;
    }
  | {
      readonly kind: 'retest';
      readonly proof: string;
      readonly trigger: RetestTrigger;
      readonly verdict: RetestVerdict;
      readonly why: string;
      readonly requests: number;
    }
  | { readonly kind: 'duplicate'; readonly of: string }
  | ({ readonly kind: 'count' } & Counts)
  | {
      readonly kind: 'breach';
      readonly isBreach: boolean;
      readonly reason: string;
      readonly people: number;
      readonly records: number;
    }
  | { readonly kind: 'notified'; readonly regime: string; readonly reference: string }
  | {
      readonly kind: 'missed';
      readonly clock: string;
      readonly title: string;
      readonly level: number;
      readonly role: Role;
      readonly isReporterTold: boolean;
      readonly dueMs: EpochMs;
      readonly nextMs: EpochMs;
    }
  | { readonly kind: 'wait-ended'; readonly sinceMs: EpochMs }
  | { readonly kind: 'heads-up'; readonly deadlineMs: EpochMs }
  | { readonly kind: 'deadline-passed'; readonly deadlineMs: EpochMs }
  | { readonly kind: 'published'; readonly advisory: string; readonly reason: string };

/** `reporter`, `desk` (the program itself), or `staff:NAME`. Only staff are persons whose words count as an answer. */
export type Actor = 'reporter' | 'desk' | `staff:${string}`;

/** One thing that happened. Events are only ever added. */
export interface CaseEvent {
  readonly atMs: EpochMs;
  readonly actor: Actor;
  readonly body: EventBody;
}
