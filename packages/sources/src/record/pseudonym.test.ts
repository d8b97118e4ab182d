import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeOfString } from '../inventory/stats/value-shape.ts';
import { pseudonyms } from './pseudonym.ts';

const names = pseudonyms(new Uint8Array(32).fill(3));
const values = fc.oneof(
  fc.uuid(),
  fc.ulid(),
  fc.emailAddress(),
  fc.stringMatching(/^[1-9]\d{5,18}$/),
  fc.stringMatching(/^[a-z]{5,12}$/),
  fc.stringMatching(/^[0-9a-f]{24}$/),
  fc.stringMatching(/^[0-9][0-9a-f]{31}$/),
  fc.string(),
);

test('a pseudonym has the shape of its value, is always the same, and differs from the value', () => {
  fc.assert(
    fc.property(values, (value) => {
      const other = names.string(value);
      expect(shapeOfString(other)).toBe(shapeOfString(value));
      expect(names.string(value)).toBe(other);
      if (value.length > 8 && !/^(?:v\d|2000-01-01)/i.test(value)) expect(other).not.toBe(value);
    }),
    { numRuns: 500 },
  );
});

test('another key gives other pseudonyms', () => {
  const others = pseudonyms(new Uint8Array(32).fill(4));
  for (const value of ['90211', 'olga@example.org', '7c9e6679-7425-40de-944b-e07fc1f90ae7']) {
    expect(others.string(value)).not.toBe(names.string(value));
  }
});

test('the pseudonym of a number is of the same kind and length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 2 ** 40 }), (value) => {
      const other = names.number(value);
      expect(Number.isInteger(other)).toBe(true);
      expect(String(other)).toHaveLength(String(value).length);
    }),
  );
});
