import { expect, test } from 'vitest';
import fc from 'fast-check';
import { addBusinessDays, type Calendar, checkCalendar, DAY_MS, DEFAULT_CALENDAR, formatTime } from './calendar.ts';

const NEW_YORK: Calendar = { ...DEFAULT_CALENDAR, timeZone: 'America/New_York' };
const add = (calendar: Calendar, start: string, days: number): string =>
  new Date(addBusinessDays(calendar, Date.parse(start), days)).toISOString();

test.each([
  ['Wednesday to Monday', DEFAULT_CALENDAR, '2021-01-20T15:00:00Z', 3, '2021-01-25T15:00:00.000Z'],
  ['a Saturday begins on Monday', DEFAULT_CALENDAR, '2021-01-23T15:00:00Z', 1, '2021-01-25T15:00:00.000Z'],
  ['no day is no change', DEFAULT_CALENDAR, '2021-01-23T15:00:00Z', 0, '2021-01-23T15:00:00.000Z'],
  [
    'holidays do not count',
    { ...DEFAULT_CALENDAR, holidays: ['2021-01-25'] },
    '2021-01-22T15:00:00Z',
    1,
    '2021-01-26T15:00:00.000Z',
  ],
  [
    'Sunday to Thursday',
    { ...DEFAULT_CALENDAR, workdays: [7, 1, 2, 3, 4] },
    '2021-01-21T15:00:00Z',
    1,
    '2021-01-24T15:00:00.000Z',
  ],
  ['the local time stays when summer time begins', NEW_YORK, '2021-03-12T15:00:00Z', 1, '2021-03-15T14:00:00.000Z'],
  ['and when it ends', NEW_YORK, '2021-11-05T14:00:00Z', 1, '2021-11-08T15:00:00.000Z'],
  [
    'the local date decides: late on Friday there, Saturday here',
    NEW_YORK,
    '2021-01-23T03:00:00Z',
    1,
    '2021-01-26T03:00:00.000Z',
  ],
])('%s', (_title, calendar, start, days, end) => expect(add(calendar, start, days)).toBe(end));

test('business days are never counted backwards, and each one is a weekday', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1_500_000_000_000, max: 1_900_000_000_000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'),
      (start, days, timeZone) => {
        const end = addBusinessDays({ ...DEFAULT_CALENDAR, timeZone }, start, days);
        expect(end - start).toBeGreaterThanOrEqual(days * DAY_MS - 3_600_000 * 2);
        expect(end - start).toBeLessThanOrEqual((Math.ceil(days / 5) * 2 + days + 2) * DAY_MS);
      },
    ),
    { numRuns: 300 },
  ));

test.each([
  [{ timeZone: 'Nowhere/Else' }, 'timeZone'],
  [{ workdays: [] }, 'workdays'],
  [{ holidays: ['25.12.2026'] }, 'holidays'],
])('%j is refused', (change, named) =>
  expect(() => checkCalendar({ ...DEFAULT_CALENDAR, ...change })).toThrow(
    expect.objectContaining({
      code: 'LP-DESK-CONFIG-INVALID',
      message: expect.stringContaining(named) as string,
    }) as Error,
  ),
);

test('a calendar without a business day ahead still ends', () => {
  const none = { ...DEFAULT_CALENDAR, workdays: [9] };
  expect(add(none, '2021-01-20T00:00:00Z', 1) > '2021-01-20').toBe(true);
});

test('times are written for people with their zone', () =>
  expect(formatTime(NEW_YORK, Date.parse('2021-01-22T20:00:00Z'))).toBe('2021-01-22 15:00 (America/New_York)'));
