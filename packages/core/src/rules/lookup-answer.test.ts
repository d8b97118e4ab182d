import { describe, expect, test } from 'vitest';
import type { Lookup } from '../contract/compiled.ts';
import { readLookupAnswer, lookupAnswerExpiry } from './lookup-answer.ts';

const plain: Lookup = { method: 'POST', path: '/x', cacheMs: 0 };
const ending: Lookup = { ...plain, until: '/terms/ends~1at' };
const NOON = Date.parse('2026-03-01T12:00:00Z');

describe('an answer without an end', () => {
  test.each([
    [true, 'yes'],
    [false, 'no'],
    [{ holds: true }, 'yes'],
    [{ holds: false }, 'no'],
    [{ holds: 'true' }, 'unknown'],
    [{}, 'unknown'],
    [Object.create({ holds: true }), 'unknown'],
    [null, 'unknown'],
    [undefined, 'unknown'],
    ['true', 'unknown'],
    [1, 'unknown'],
    [[], 'unknown'],
    [[true], 'unknown'],
  ])('%j is %s', (given, expected) => expect(readLookupAnswer(plain, given, NOON)).toBe(expected));
});

describe('an answer that has to say its end', () => {
  const until = (ends: unknown): unknown => ({ holds: true, terms: { 'ends/at': ends } });
  test.each([
    ['an hour later', until('2026-03-01T13:00:00Z'), 'yes'],
    ['a millisecond later', until('2026-03-01T12:00:00.001Z'), 'yes'],
    ['now', until('2026-03-01T12:00:00Z'), 'no'],
    ['earlier', until('2026-03-01T11:00:00+00:00'), 'no'],
    ['unreadably', until('soon'), 'unknown'],
    ['as a number', until(NOON + 1), 'unknown'],
    ['as null', until(null), 'unknown'],
    ['not at all', { holds: true }, 'unknown'],
    ['not at all, in short', true, 'unknown'],
    ['somewhere else', { holds: true, ends: '2026-03-01T13:00:00Z' }, 'unknown'],
  ])('%s', (_, given, expected) => expect(readLookupAnswer(ending, given, NOON)).toBe(expected));

  test('is no whatever it says of its end, if it does not hold', () =>
    expect(readLookupAnswer(ending, { holds: false, terms: { 'ends/at': 'soon' } }, NOON)).toBe('no'));

  test('tells when it ends', () => {
    expect(lookupAnswerExpiry(ending, until('2026-03-01T12:00:00Z'))).toBe(NOON);
    expect(lookupAnswerExpiry(ending, { terms: 'x' })).toBeUndefined();
  });
});
