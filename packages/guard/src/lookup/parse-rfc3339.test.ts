import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRfc3339 } from './parse-rfc3339.ts';

const digits = (most: number, length = 2): fc.Arbitrary<string> =>
  fc.nat(most).map((value) => String(value).padStart(length, '0'));
const zone = fc.oneof(
  fc.constant('Z'),
  fc
    .tuple(fc.constantFrom('+', '-'), digits(25), digits(61))
    .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);
const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,6}$/));
const time = fc
  .tuple(digits(9999, 4), digits(13), digits(32), digits(25), digits(60), digits(60), fraction, zone)
  .map(
    ([year, month, day, hour, minute, second, part, at]) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}${part}${at}`,
  );

test('a text in the form of RFC 3339 has the time that Date.parse returns', () => {
  fc.assert(
    fc.property(time, (text) => {
      expect(parseRfc3339(text)).toBe(Date.parse(text));
    }),
    { numRuns: 2_000 },
  );
});

test('every day of 800 years has the time that Date has', () => {
  const wrong: string[] = [];
  let days = 0;
  for (let ms = Date.UTC(1600, 0, 1); ms < Date.UTC(2400, 0, 1); ms += 86_400_000, days++) {
    const text = new Date(ms).toISOString();
    if (parseRfc3339(text) !== ms) wrong.push(text);
  }
  expect([days, wrong]).toEqual([292_194, []]);
});

test.each([
  '',
  'soon',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-01-01 00:00:00Z',
  '2026-01-01t00:00:00z',
  ' 2026-01-01T00:00:00Z',
  '+2026-01-01T00:00:00Z',
])('"%s" is not a time', (text) => {
  expect(parseRfc3339(text)).toBeNaN();
});

test.each([
  ['2026-01-01T24:00:00Z', Date.UTC(2026, 0, 2)],
  ['2024-02-29T23:59:59.9999+23:59', Date.UTC(2024, 1, 29, 0, 0, 59, 999)],
  ['2026-01-01T23:59:60Z', Number.NaN],
  ['2026-01-01T24:00:00.0001Z', Number.NaN],
  ['2026-01-01T00:00:00+24:00', Number.NaN],
])('%s is %d', (text, ms) => {
  expect(parseRfc3339(text)).toBe(ms);
});
