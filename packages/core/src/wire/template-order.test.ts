import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, type TemplateSegment, templateKey } from './path-template.ts';
import { compareTemplates, isConflict, overlaps } from './template-order.ts';
import { splitByPattern } from './template-pattern.ts';

const templateOf = (text: string): readonly TemplateSegment[] => parseTemplate(text).segments;

describe('the more specific template goes first:', () => {
  test.each([
    ['text before a pattern', '/report.json', '/{name}.json'],
    ['a pattern before a parameter', '/{name}.json', '/{id}'],
    ['more text before less', '/{name}.min.json', '/{name}.json'],
    ['the first segment before the second', '/me/{what}', '/{id}/posts'],
  ])('%s', (_, first, second) => {
    expect(compareTemplates(templateOf(first), templateOf(second))).toBeLessThan(0);
    expect(compareTemplates(templateOf(second), templateOf(first))).toBeGreaterThan(0);
    expect(isConflict(templateOf(first), templateOf(second))).toBe(false);
  });
});

describe('neither is more specific, and a path matches both:', () => {
  test.each([
    ['/users/{id}', '/users/{userId}'],
    ['/{a}.json', '/{b}.json'],
    ['/a{x}', '/{y}b'],
    ['/{a},{b}/x', '/{c},{d}/x'],
    ['/a{x}/list', '/{y}b/{what}'],
  ])('%s and %s', (a, b) => expect(isConflict(templateOf(a), templateOf(b))).toBe(true));
});

describe('no path matches both:', () => {
  test.each([
    ['/{a}.json', '/{b}.xml'],
    ['/v{a}', '/w{b}'],
    ['/users/', '/users/{id}'],
    ['/users', '/users/'],
    ["/People('{id}')", '/People(%27{id}%27)'],
    ['/{id}:cancel', '/{id}:purge'],
    ['/a{x}/one', '/{y}b/two'],
  ])('%s and %s', (a, b) => expect(isConflict(templateOf(a), templateOf(b))).toBe(false));
});

const LETTERS = ['a', 'b', '.'];
const TEXTS = [...textsUpTo(6)];

function* textsUpTo(length: number): Generator<string> {
  if (length > 1) yield* textsUpTo(length - 1);
  else yield '';
  for (const before of length > 1 ? textsOf(length - 1) : ['']) for (const letter of LETTERS) yield before + letter;
}

function textsOf(length: number): string[] {
  return length === 0 ? [''] : textsOf(length - 1).flatMap((before) => LETTERS.map((letter) => before + letter));
}

function matches(segment: TemplateSegment, text: string): boolean {
  if ('literal' in segment) return segment.literal === text;
  return 'parameter' in segment ? text !== '' : splitByPattern(segment.pattern, text) !== undefined;
}

test('two segments overlap if, and only if, some text matches both', () => {
  const part = fc.oneof(fc.constantFrom('{p}', '{q}'), fc.constantFrom(...LETTERS, 'ab'));
  const segment = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => templateOf(`/${parts.join('')}`)[0]);
  let overlapping = 0;
  fc.assert(
    fc.property(segment, segment, (a, b) => {
      if (!a || !b) return;
      const wanted = TEXTS.some((text) => matches(a, text) && matches(b, text));
      if (wanted) overlapping++;
      expect(overlaps(a, b)).toBe(wanted);
    }),
    { numRuns: 2_000 },
  );
  expect(overlapping).toBeGreaterThan(200);
});

test('the order is total, and zero only for templates that match the same paths', () => {
  const segment = fc.constantFrom('a', 'ab', '{p}', '{q}', 'a{p}', '{p}b', '{p}.{q}', 'ab{p}', '');
  const template = fc.array(segment, { minLength: 2, maxLength: 2 }).map((each) => templateOf(`/${each.join('/')}`));
  fc.assert(
    fc.property(template, template, template, (a, b, c) => {
      expect(Math.sign(compareTemplates(a, b))).toBe(-Math.sign(compareTemplates(b, a)) + 0);
      if (compareTemplates(a, b) <= 0 && compareTemplates(b, c) <= 0)
        expect(compareTemplates(a, c)).toBeLessThanOrEqual(0);
      if (compareTemplates(a, b) === 0 && a.every((each) => !('literal' in each)))
        expect(templateKey(a)).toBe(templateKey(b));
    }),
    { numRuns: 5_000 },
  );
});
