import { describe, expect, test } from 'vitest';
import { type ConditionScope, holds, readCondition, type Truth } from './condition.ts';

function truth(cel: string, scope: Partial<ConditionScope> = {}): Truth {
  return holds(readCondition(cel), { principal: {}, owner: {}, object: {}, ...scope });
}

describe('a condition that is', () => {
  test.each([
    ['true', 'object.open', { open: true }, 'yes'],
    ['false', 'object.open', { open: false }, 'no'],
    ['absent', 'object.open', {}, 'unknown'],
    ['null', 'object.open', { open: null }, 'unknown'],
    ['a text', 'object.open', { open: 'true' }, 'unknown'],
    ['a number', 'object.open', { open: 1 }, 'unknown'],
    ['an object', 'object.open', { open: { a: true } }, 'unknown'],
    ['a comparison with what is absent', "object.visibility != 'public'", {}, 'unknown'],
    ['a comparison', "object.visibility != 'public'", { visibility: 'private' }, 'yes'],
    ['a step into a scalar', 'object.a.b == 1', { a: 1 }, 'unknown'],
    ['asked with has()', 'has(object.open) && object.open', {}, 'no'],
    ['an index beyond the end', 'object.xs[3] == 1', { xs: [1] }, 'unknown'],
    ['a whole number', 'object.n == 3 && object.n < 4', { n: 3 }, 'yes'],
    ['a number beyond 2^53', 'object.n == 9007199254740993', { n: 9_007_199_254_740_993n }, 'yes'],
    ['its neighbour', 'object.n == 9007199254740993', { n: 9_007_199_254_740_992n }, 'no'],
    ['a name of the prototype', 'object.constructor == object.constructor', {}, 'unknown'],
    ['__proto__', 'object.__proto__ == object.__proto__', {}, 'unknown'],
  ] as [string, string, Record<string, unknown>, Truth][])('%s: %s', (_, cel, object, expected) =>
    expect(truth(cel, { object })).toBe(expected),
  );

  test('about principal and owner sees their claims and ids', () => {
    const scope = { principal: { claims: { org: 'acme', roles: ['hr'] } }, owner: { id: 'acme' } };
    expect(truth("principal.claims.org == owner.id && 'hr' in principal.claims.roles", scope)).toBe('yes');
    expect(truth('principal.claims.tenant == owner.id', scope)).toBe('unknown');
  });
});

describe('of an object it reads', () => {
  test.each([
    ['object.a', [['a']]],
    ['object.a.b == object.c', [['a', 'b'], ['c']]],
    ['object["we ight"] == 1', [['we ight']]],
    ['object.a["b"].c == 1', [['a', 'b', 'c']]],
    ['object.xs[0].b == 1', [['xs']]],
    ['object.a[principal.id] == 1', [['a']]],
    ['has(object.a.b)', [['a', 'b']]],
    ['object.xs.exists(x, x.id == principal.id)', [['xs']]],
    ['principal.object.x == 1', []],
    ['"object.x" == owner.id', []],
    ['(object).a', [['a']]],
  ] as [string, string[][]][])('%s', (cel, reads) => expect(readCondition(cel).reads).toEqual(reads));

  test.each([
    '"private" in object',
    '!("a" in object)',
    'size(object) > 0',
    'object == object',
    'object[principal.id] == 1',
    '{"a": object}.a.b == 1',
    'cel.bind(x, object, x.a == 1)',
  ])('never the whole of it: %s is refused', (cel) => expect(() => readCondition(cel)).toThrow('is used as a whole'));
});

describe('a condition is refused that', () => {
  test.each([
    ['is no expression', 'object.a &&'],
    ['is not true or false', '1 + 1'],
    ['is a text', '"yes"'],
    ['names something unknown', 'request.path == "/"'],
    ['calls something unknown', 'fetch(object.a)'],
    ['compares what cannot be', '1 == "a" && true + 1'],
    ['is far too deep', `${'('.repeat(200)}true${')'.repeat(200)}`],
    ['is far too long', Array.from({ length: 300 }, () => 'object.a').join(' && ')],
    ['is empty', ''],
  ])('%s', (_, cel) => expect(() => readCondition(cel)).toThrow());
});

describe('`matches` takes time in proportion to the text, whoever wrote pattern and text:', () => {
  const text = `${'a'.repeat(50_000)}!`;
  test.each([
    ['plainly', 'object.text.matches("(a+)+$")'],
    ['in brackets', '(object.text).matches("(a+)+$")'],
    ['behind a comment that says matches', 'object.text // matches\n .matches("(a+)+$")'],
    ['behind white space', 'object.text . matches ("(a+)+$")'],
    ['in a comprehension', '[object.text].exists(t, t.matches("(a|a)*b$"))'],
    ['on a literal', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches(object.pattern)'],
    ['twice', 'object.text.matches("(a+)+$") || object.text.matches("(a*)*b$")'],
  ])('%s', (_, cel) => expect(truth(cel, { object: { text, pattern: '(a+)+$' } })).toBe('no'));

  test('and finds what it should', () => {
    expect(truth('object.t.matches("^a.c$")', { object: { t: 'abc' } })).toBe('yes');
    expect(truth('object.t.matches("b")', { object: { t: 'abc' } })).toBe('yes');
    expect(truth('object.t == "matches" && object.t.matches("^matches$")', { object: { t: 'matches' } })).toBe('yes');
  });

  test('and a pattern that is none is not known', () =>
    expect(truth('object.t.matches("(")', { object: { t: 'a' } })).toBe('unknown'));
});
