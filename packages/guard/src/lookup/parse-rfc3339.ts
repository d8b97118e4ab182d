import type { EpochMs } from '@leakproof/core';

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The time of an RFC 3339 date-time, with the same result as `Date.parse`, which pure code cannot call; NaN for any other
 * text. Leap seconds are NaN. Digits below a millisecond are dropped.
 */
export function parseRfc3339(text: string): EpochMs {
  const [, year = '', month = '', day = '', hours = '', minutes = '', seconds = '', fraction = '', sign, ...offset] =
    RFC_3339.exec(text) ?? [];
  if (year === '' || !isWithin(month, 1, 12) || !isWithin(day, 1, 31)) return Number.NaN;
  const timeMs = timeOfDayMs([hours, minutes, seconds, fraction]);
  const offsetMs = sign === undefined ? 0 : Number(`${sign}1`) * clockMs(offset);
  return (daysSince1970(Number(year), Number(month)) + Number(day) - 1) * DAY_MS + timeMs - offsetMs;
}

/** 24:00:00 is the end of the day. */
function timeOfDayMs([hours = '', minutes = '', seconds = '', fraction = '']: readonly string[]): number {
  if (hours === '24') return /[1-9]/.test(minutes + seconds + fraction) ? Number.NaN : DAY_MS;
  if (!isWithin(seconds, 0, 59)) return Number.NaN;
  return clockMs([hours, minutes]) + Number(seconds) * SECOND_MS + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function clockMs([hours = '', minutes = '']: readonly (string | undefined)[]): number {
  if (!isWithin(hours, 0, 23) || !isWithin(minutes, 0, 59)) return Number.NaN;
  return Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
}

function isWithin(digits: string, least: number, most: number): boolean {
  return Number(digits) >= least && Number(digits) <= most;
}

/** Days from 1970-01-01 to the first of a month, Gregorian. Years are counted from March, so that a leap day ends one. */
function daysSince1970(year: number, month: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((marchMonth * 153 + 2) / 5) - 719_468;
}
