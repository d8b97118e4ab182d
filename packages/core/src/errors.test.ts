import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';
import { formatWhere, isLeakproofError, LeakproofError } from './errors.ts';

describe('every code', () => {
  test.each(Object.entries(ERROR_CODES))('%s says what happened and what to do', (code, { summary, fix, exit }) => {
    expect(code).toMatch(/^LP-[A-Z]+(?:-[A-Z0-9]+)*$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
    expect([2, 3, 4]).toContain(exit);
  });

  test('is in the table, and there are many', () => expect(Object.keys(ERROR_CODES).length).toBeGreaterThan(30));
});

test('an error carries its code, its place, and the advice of the table unless the thrower knows better', () => {
  const plain = new LeakproofError('LP-JSON-INVALID', 'A comma is missing.');
  expect(plain).toMatchObject({
    code: 'LP-JSON-INVALID',
    message: 'A comma is missing.',
    fix: ERROR_CODES['LP-JSON-INVALID'].fix,
  });
  expect(new LeakproofError('LP-JSON-INVALID', 'x', { fix: 'Do that.', where: { line: 3 } })).toMatchObject({
    fix: 'Do that.',
    where: { line: 3 },
  });
});

test('an error is known by its code, whoever made it', () => {
  expect(isLeakproofError(new LeakproofError('LP-USAGE', 'x'))).toBe(true);
  expect(isLeakproofError(Object.assign(new Error('x'), { code: 'LP-USAGE' }))).toBe(true);
  expect(isLeakproofError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
  expect(isLeakproofError(Object.assign(new Error('x'), { code: 'toString' }))).toBe(false);
  expect(isLeakproofError({ code: 'LP-USAGE' })).toBe(false);
  expect(isLeakproofError(null)).toBe(false);
});

test.each([
  [{ file: 'a.yaml', line: 3, column: 5 }, 'a.yaml:3:5'],
  [{ file: 'a.yaml' }, 'a.yaml'],
  [{ line: 3 }, '3'],
  [{}, ''],
])('a place is written with what is known of it: %j', (where, expected) => expect(formatWhere(where)).toBe(expected));
