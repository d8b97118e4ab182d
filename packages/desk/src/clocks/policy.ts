import { type Calendar, DEFAULT_CALENDAR } from './calendar.ts';
import { REGIMES, type Regime } from './regimes.ts';

export const ROLES = ['assignee', 'lead', 'executive'] as const;
export type Role = (typeof ROLES)[number];

/** The promises of a program. Defaults and sources: docs/disclosure-program.md. */
export interface Policy {
  readonly calendar: Calendar;
  /** A person answers every message of a reporter within so many business days. CISA BOD 20-01, note 19. */
  readonly answerBusinessDays: number;
  /** A report is judged valid or invalid within so many days. BOD 20-01, note 20. */
  readonly assessDays: number;
  /** While a case is ours, a person writes to the reporter at least every so many days. */
  readonly hearDays: number;
  /** How long a question to the reporter pauses our clocks before the case is ours again. */
  readonly replyDays: number;
  /** The embargo ends so many days after the report arrived. BOD 20-01, note 21. */
  readonly deadlineDays: number;
  /** The most that both parties can add to it. */
  readonly extensionDays: number;
  /** Both parties are reminded so many days before the embargo ends. */
  readonly headsUpDays: number;
  /** Until a priority is decided, a valid report is fixed within so many days. */
  readonly fixDays: number;
  /** Who is alerted when a clock is missed, and how many business days after it was due. */
  readonly steps: readonly { readonly role: Role; readonly afterBusinessDays: number }[];
  /** After the last step, it is repeated every so many days. */
  readonly repeatDays: number;
  readonly regimes: readonly Regime[];
}

export const DEFAULT_POLICY: Policy = {
  calendar: DEFAULT_CALENDAR,
  answerBusinessDays: 3,
  assessDays: 7,
  hearDays: 14,
  replyDays: 14,
  deadlineDays: 90,
  extensionDays: 30,
  headsUpDays: 7,
  fixDays: 90,
  steps: [
    { role: 'assignee', afterBusinessDays: 0 },
    { role: 'lead', afterBusinessDays: 1 },
    { role: 'executive', afterBusinessDays: 3 },
  ],
  repeatDays: 7,
  regimes: REGIMES.filter(({ isDefault }) => isDefault),
};
