import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTimestamp } from './timestamp.ts';

test('a timestamp is read as the platform reads it, for every moment and offset', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true }),
      fc.integer({ min: -1439, max: 1439 }),
      (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const pad = (value: number): string => String(value).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
        expect(readTimestamp(date.toISOString())).toBe(date.getTime());
        expect(readTimestamp(local + zone)).toBe(date.getTime());
      },
    ),
    { numRuns: 1_000 },
  );
});

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['1970-01-01t00:00:00.5z', 500],
  ['1970-01-01T00:00:00.123456789Z', 123],
  ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
  ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
])('%s is %i', (text, ms) => {
  expect(readTimestamp(text)).toBe(ms);
});

test.each([
  '2999-02-31T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2024-04-31T00:00:00Z',
  '2024-13-01T00:00:00Z',
  '2024-00-01T00:00:00Z',
  '2024-01-00T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01T00:00:61Z',
  '2024-01-01T00:00:00+24:00',
  '2024-01-01T00:00:00',
  '2024-01-01 00:00:00Z',
  '2024-01-01',
  '2024-1-1T00:00:00Z',
  '1704067200',
  'never',
  '',
  ' 2024-01-01T00:00:00Z',
  '+02024-01-01T00:00:00Z',
])('%j is no timestamp', (text) => {
  expect(readTimestamp(text)).toBeUndefined();
});
