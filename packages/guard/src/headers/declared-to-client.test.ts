import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declaredToClient } from './declared-to-client.ts';

const NAMES = new Set(['x-total-count', 'content-range', 'link']);
const locate = (target: string): string | undefined =>
  /^(?:\/(?!\/)|https:\/\/api\.test\/)/.test(target) ? target : undefined;
const released = (name: string, value: string): string | undefined =>
  declaredToClient([[name, value]], NAMES, locate)[0]?.[1];

describe('a declared header', () => {
  test.each([
    ['x-total-count', '120'],
    ['content-range', 'items 0-9/100'],
    ['content-range', 'items 0-9/*'],
    ['link', '</users?page=2>; rel="next"'],
    ['link', '</users?page=2>; rel="next", <https://api.test/users?page=9>; rel="last"'],
  ])('%s: %s is released', (name, value) => expect(released(name, value)).toBe(value));

  test.each([
    ['x-total-count', '82 kg'],
    ['x-total-count', '-1'],
    ['x-total-count', '1'.repeat(16)],
    ['content-range', 'weight-of-7 0-9/100'],
    ['link', '<https://other.test/users>; rel="next"'],
    ['link', '</users?page=2>; rel="author"'],
    ['link', '</users?page=2>'],
    ['link', 'the weight of 7 is 82 kg'],
    ['link', '</users?page=2>; rel="next", and more'],
    ['link', `</${'a'.repeat(5_000)}>; rel="next"`],
    ['x-other', '1'],
  ])('%s: %s is not', (name, value) => expect(released(name, value)).toBeUndefined());

  test('has no text besides its target and its relation between pages', () => {
    expect(released('link', '</users?page=2>; title="82 kg"; rel="next pia"; type=text, </me>; rel=author')).toBe(
      '</users?page=2>; rel="next"',
    );
  });
});

const link = fc
  .record({
    target: fc.constantFrom('/a?page=2', 'https://api.test/b', 'https://other.test/LEAK', '//other.test/LEAK'),
    rel: fc.constantFrom('next', 'last', 'LEAK', 'next LEAK', 'Prev'),
    more: fc.constantFrom('', '; title="LEAK"', '; LEAK=1', ';anchor="#LEAK"', '; type=LEAK'),
    isFirst: fc.boolean(),
  })
  .map(({ target, rel, more, isFirst }) =>
    isFirst ? `<${target}>; rel="${rel}"${more}` : `<${target}>${more}; rel="${rel}"`,
  );

test('nothing but numbers and declared targets is released of any list of links', () => {
  const noise = fc.array(fc.constantFrom(',', ', ', ';', '"', '<', '>', 'LEAK', '\\', ' '), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(link, { maxLength: 4 }), noise, fc.nat(200), (links, added, at) => {
      const whole = links.join(', ');
      const value = whole.slice(0, at) + added.join('') + whole.slice(at);
      for (const text of (released('link', value) ?? '').split(', ').filter((each) => each !== ''))
        expect(text).toMatch(/^<(?:\/(?!\/)|https:\/\/api\.test\/)[^<>" ]*>; rel="(?:next|last|prev)"$/);
      expect(released('x-total-count', value) ?? '1').toMatch(/^[0-9]+$/);
    }),
    { numRuns: 1_000 },
  );
});
