import { LeakproofError, type EpochMs } from '@leakproof/core';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** Which days are business days, and where. */
export interface Calendar {
  /** IANA time zone, such as Europe/Berlin. */
  readonly timeZone: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly workdays: readonly number[];
  /** Dates such as 2026-12-25 that are no business days. */
  readonly holidays: readonly string[];
}

export const DEFAULT_CALENDAR: Calendar = { timeZone: 'UTC', workdays: [1, 2, 3, 4, 5], holidays: [] };

/** Longest run of days without a business day that is believed. */
const MAX_PAUSE_DAYS = 60;

/** Throws LP-DESK-CONFIG-INVALID if there is no such time zone, no workday or no such date. */
export function checkCalendar({ timeZone, workdays, holidays }: Calendar): void {
  const invalid = (detail: string): LeakproofError => new LeakproofError('LP-DESK-CONFIG-INVALID', detail);
  try {
    partsIn(timeZone, 0);
  } catch (cause) {
    throw new LeakproofError('LP-DESK-CONFIG-INVALID', `calendar.timeZone: there is no time zone ${timeZone}.`, {
      cause,
    });
  }
  if (!workdays.some((day) => Number.isInteger(day) && day >= 1 && day <= 7))
    throw invalid('calendar.workdays: name at least one day, 1 (Monday) to 7 (Sunday).');
  const wrong = holidays.find((day) => !/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)));
  if (wrong !== undefined) throw invalid(`calendar.holidays: ${wrong} is not a date such as 2026-12-25.`);
}

/** The same local time, `days` business days after `startMs`. A time that the change to summer time leaves out moves by that hour. */
export function addBusinessDays(calendar: Calendar, startMs: EpochMs, days: number): EpochMs {
  const { date, timeOfDayMs } = localTime(calendar.timeZone, startMs);
  let day = date;
  for (let left = days, pause = 0; left > 0 && pause < MAX_PAUSE_DAYS;) {
    day += DAY_MS;
    if (isBusinessDay(calendar, day)) {
      left--;
      pause = 0;
    } else pause++;
  }
  return epochOf(calendar.timeZone, day + timeOfDayMs);
}

/** `day`: midnight of the local date, as if it were UTC. */
function isBusinessDay({ workdays, holidays }: Calendar, day: number): boolean {
  const date = new Date(day);
  return workdays.includes(date.getUTCDay() || 7) && !holidays.includes(date.toISOString().slice(0, 10));
}

function localTime(timeZone: string, ms: EpochMs): { readonly date: number; readonly timeOfDayMs: number } {
  const local = partsIn(timeZone, ms);
  const date = Math.floor(local / DAY_MS) * DAY_MS;
  return { date, timeOfDayMs: local - date };
}

/** The instant at which the clocks of `timeZone` show `local`. */
function epochOf(timeZone: string, local: number): EpochMs {
  const guess = local - (partsIn(timeZone, local) - local);
  return guess + (local - partsIn(timeZone, guess));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of `timeZone` show at `ms`, as if it were UTC. */
function partsIn(timeZone: string, ms: EpochMs): number {
  if (timeZone === 'UTC') return ms;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}

/** `2021-01-22 15:00 (America/New_York)`: for people. */
export function formatTime({ timeZone }: Pick<Calendar, 'timeZone'>, ms: EpochMs): string {
  return `${new Date(partsIn(timeZone, ms)).toISOString().slice(0, 16).replace('T', ' ')} (${timeZone})`;
}

/** `2026-05-01T12:00` in a time zone as an instant; undefined if either is unknown. */
export function readLocalTime(timeZone: string, text: string): EpochMs | undefined {
  const local = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?$/.test(text)
    ? Date.parse(text.length === 10 ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isNaN(local)) return undefined;
  try {
    return epochOf(timeZone, local);
  } catch {
    return undefined;
  }
}
