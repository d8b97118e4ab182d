import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSegment, readTarget } from './target.ts';

describe('a target that two servers could read differently is not read:', () => {
  test.each([
    ['no slash first', 'users', 'not-origin-form'],
    ['an absolute form', 'http://evil.example/users', 'not-origin-form'],
    ['an asterisk', '*', 'not-origin-form'],
    ['nothing', '', 'not-origin-form'],
    ['an encoded dot', '/%2e', 'ambiguous-path'],
    ['an encoded dot in capitals', '/a/%2E%2E/b', 'ambiguous-path'],
    ['half encoded dots', '/a/.%2e/b', 'ambiguous-path'],
    ['an encoded slash', '/a%2Fb', 'ambiguous-path'],
    ['an encoded backslash', '/a%5cb', 'ambiguous-path'],
    ['a backslash', '/a\\b', 'ambiguous-path'],
    ['two slashes', '/a//b', 'ambiguous-path'],
    ['two slashes first', '//evil.example/a', 'ambiguous-path'],
    ['two slashes last', '/a//', 'ambiguous-path'],
    ['a dot segment', '/a/./b', 'ambiguous-path'],
    ['a dot-dot segment', '/a/../b', 'ambiguous-path'],
    ['a dot-dot at the end', '/a/..', 'ambiguous-path'],
    ['a NUL', '/a%00', 'ambiguous-path'],
    ['a line feed', '/a%0ab', 'ambiguous-path'],
    ['a path parameter', '/a;x=1', 'ambiguous-path'],
    ['a double escape', '/%252e', 'ambiguous-path'],
    ['a double escape of a digit', '/%2537', 'ambiguous-path'],
    ['a letter in an escape', '/%61dmin', 'ambiguous-path'],
    ['a digit in an escape', '/%37', 'ambiguous-path'],
    ['an underscore in an escape', '/a%5Fb', 'ambiguous-path'],
    ['a hyphen in an escape', '/a%2Db', 'ambiguous-path'],
    ['a tilde in an escape', '/a%7Eb', 'ambiguous-path'],
    ['half an escape', '/a%2', 'ambiguous-path'],
    ['an escape of no digits', '/a%zz', 'ambiguous-path'],
    ['a fragment', '/a#b', 'ambiguous-path'],
    ['a space', '/a b', 'ambiguous-path'],
    ['a letter beyond ASCII', '/ä', 'ambiguous-path'],
    ['a control character', '/a\tb', 'ambiguous-path'],
    ['a fragment in the query', '/a?b=1#c', 'ambiguous-query'],
    ['a semicolon in the query', '/a?b=1;c=2', 'ambiguous-query'],
    ['a space in the query', '/a?b=1 2', 'ambiguous-query'],
    ['no UTF-8 in the query', '/a?b=%C0%AF', 'ambiguous-query'],
    ['a NUL in the query', '/a?b=%00', 'ambiguous-query'],
    ['half an escape in the query', '/a?b=%4', 'ambiguous-query'],
    ['a parameter without a name', '/a?=1', 'ambiguous-query'],
    ['nothing between two parameters', '/a?b=1&&c=2', 'ambiguous-query'],
    ['a backslash in the query', '/a?b=\\', 'ambiguous-query'],
  ])('%s', (_, target, fault) => expect(readTarget(target)).toBe(fault));
});

describe('a plain target is read', () => {
  test.each([
    ['/', [''], []],
    ['/users/7', ['users', '7'], []],
    ['/users/7?', ['users', '7'], []],
    ['/users/olga%20k%C3%A4', ['users', 'olga%20k%C3%A4'], []],
    ['/a:b/@c/d=e,f', ['a:b', '@c', 'd=e,f'], []],
    [
      '/a?b=1&b=2&c=&d',
      ['a'],
      [
        ['b', '1'],
        ['b', '2'],
        ['c', ''],
        ['d', ''],
      ],
    ],
    ['/a?q=x+y%2Bz%26', ['a'], [['q', 'x y+z&']]],
    ['/a?%62=1', ['a'], [['b', '1']]],
  ] as [string, string[], [string, string][]][])('%s', (target, segments, query) =>
    expect(readTarget(target)).toEqual({ segments, query }),
  );

  test('and what was read, put together segment by segment, is what was sent', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.webPath(), fc.string({ unit: fc.constantFrom(...'/.%2eEfF5cC7aA;\\ä~_-'.split('')) })),
        (path) => {
          const target = readTarget(`/${path}`);
          if (typeof target === 'string') return;
          expect(`/${target.segments.join('/')}`).toBe(`/${path}`);
          for (const segment of target.segments) {
            const decoded = decodeSegment(segment);
            expect(['.', '..']).not.toContain(decoded);
            for (const hidden of ['/', '\\', '\u0000']) expect(decoded ?? '').not.toContain(hidden);
          }
        },
      ),
      { numRuns: 1_000 },
    ));

  test('and no two targets that are read have segments that decode alike', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'%26aAcC3b9eEdD'.split('')) }),
        fc.string({ unit: fc.constantFrom(...'%26aAcC3b9eEdD'.split('')) }),
        (a, b) => {
          const [one, two] = [readTarget(`/${a}`), readTarget(`/${b}`)];
          if (typeof one === 'string' || typeof two === 'string' || a.toUpperCase() === b.toUpperCase()) return;
          const [first, second] = [decodeSegment(one.segments[0] ?? ''), decodeSegment(two.segments[0] ?? '')];
          if (first !== undefined) expect(first).not.toBe(second);
        },
      ),
      { numRuns: 1_000 },
    ));
});
