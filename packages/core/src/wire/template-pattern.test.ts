import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, partsOf, type TemplatePart } from './path-template.ts';
import { decodeSegment } from './target.ts';
import { bindSegment, splitByPattern } from './template-pattern.ts';

const segmentOf = (text: string) => parseTemplate(`/${text}`).segments[0] ?? { literal: '' };

/** Every way to divide `text`, the shortest values first: what `splitByPattern` means. */
function allSplits(parts: readonly TemplatePart[], text: string): string[][] {
  const [part, ...rest] = parts;
  if (!part) return text === '' ? [[]] : [];
  if ('literal' in part) return text.startsWith(part.literal) ? allSplits(rest, text.slice(part.literal.length)) : [];
  return Array.from({ length: text.length }, (_, index) => index + 1).flatMap((end) =>
    allSplits(rest, text.slice(end)).map((values) => [text.slice(0, end), ...values]),
  );
}

describe('a segment of text and parameters', () => {
  test.each([
    ['{name}.json', 'staff.json', { name: 'staff' }],
    ["People('{id}')", "People('russell')", { id: 'russell' }],
    ["People('{id}')", "People('o''neill')", { id: "o''neill" }],
    ['{lat},{lon}', '40.1,-8.5', { lat: '40.1', lon: '-8.5' }],
    ['{id}:cancel', '7:cancel', { id: '7' }],
    ['v{version}', 'v2', { version: '2' }],
    ['Cars(sId={id},active={on})', 'Cars(sId=04be,active=true)', { id: '04be', on: 'true' }],
    ['{file}.{ext}', 'a%20b.txt', { file: 'a b', ext: 'txt' }],
    ['caf%C3%A9-{id}', 'caf%C3%A9-7', { id: '7' }],
    ['{a}2{b}', 'x%20y2z', { a: 'x y', b: 'z' }],
  ])('%s matches %s', (template, raw, values) => {
    const bound = bindSegment(segmentOf(template), raw);
    expect(Array.isArray(bound) && Object.fromEntries(bound.map((each) => [each.parameter, each.value]))).toEqual(
      values,
    );
  });

  test.each([
    ['other text', '{name}.json', 'export'],
    ['the text in another case', '{name}.json', 'a.JSON'],
    ['no value', '{name}.json', '.json'],
    ['no value before the last text', 'v{version}', 'v'],
    ['an overlap of its texts', 'ab{x}ba', 'aba'],
    ['the values only', "People('{id}')", 'SecretDump'],
    ['one value of two', '{lat},{lon}', '40.1'],
    ['bytes that are no UTF-8', '{name}.json', '%ff.json'],
    ['text inside an escape', '{a}2{b}', 'x%20'],
  ])('does not match %s', (_, template, raw) => expect(bindSegment(segmentOf(template), raw)).toBeUndefined());

  test.each([
    ['a text that can be divided in two ways', '{a},{b}', '1,2,3'],
    ['an escaped comma, which a server may decode first', '{a},{b}', '1%2C2,3'],
    ['its own text, escaped', "People('{id}')", 'People(%27russell%27)'],
    ['a literal of its own, escaped', 'a:export', 'a%3Aexport'],
    ['a literal with other digits in its escape', 'caf%C3%A9', 'caf%c3%a9'],
    ['two parameters with nothing between them', '{a}{b}', 'xyz'],
  ])('is not certain of %s', (_, template, raw) => expect(bindSegment(segmentOf(template), raw)).toBe('ambiguous'));
});

const letter = fc.constantFrom('a', 'b', '.', ',');
const parts = fc.array(
  fc.oneof(
    fc.array(letter, { minLength: 1, maxLength: 2 }).map((each): TemplatePart => ({ literal: each.join('') })),
    fc.constantFrom('p', 'q').map((parameter): TemplatePart => ({ parameter })),
  ),
  { minLength: 1, maxLength: 5 },
);

test('a text is divided as trying every division would, and known to be the only one', () => {
  const met = { none: 0, one: 0, more: 0 };
  fc.assert(
    fc.property(parts, fc.string({ unit: letter, maxLength: 8 }), (pattern, text) => {
      if (pattern.every((part) => 'literal' in part)) return;
      const [first, ...others] = allSplits(pattern, text);
      met[first === undefined ? 'none' : others.length > 0 ? 'more' : 'one']++;
      expect(splitByPattern(pattern, text)).toEqual(first && { values: first, isOnly: others.length === 0 });
    }),
    { numRuns: 20_000 },
  );
  for (const times of Object.values(met)) expect(times).toBeGreaterThan(300);
});

test('whatever is bound, its literals and raw parameters are the segment, and its values are their only decoded division', () => {
  const unit = fc.constantFrom('a', 'b', '.', ',', '%20', '%2C', '%C3%A9', '2', '0', 'C', '%');
  const text = fc.array(unit, { maxLength: 7 }).map((units) => units.join(''));
  const literal = fc.array(fc.constantFrom('a', '.', ',', '2', '%20', '%2C'), { minLength: 1, maxLength: 2 });
  const pattern = fc.array(
    fc.oneof(
      literal.map((each): TemplatePart => ({ literal: each.join('') })),
      fc.constantFrom('p', 'q').map((parameter): TemplatePart => ({ parameter })),
    ),
    { minLength: 2, maxLength: 5 },
  );
  /** Any text, or the pattern with texts in place of its parameters. */
  const matching = pattern.chain((each) =>
    fc.tuple(
      fc.constant(each),
      fc.oneof(
        text,
        fc
          .tuple(...each.map((part) => ('literal' in part ? fc.constant(part.literal) : text)))
          .map((all) => all.join('')),
      ),
    ),
  );
  let bound = 0;
  fc.assert(
    fc.property(matching, ([each, raw]) => {
      if (each.every((part) => 'literal' in part)) return;
      const found = bindSegment({ pattern: each }, raw);
      if (!Array.isArray(found)) return;
      bound++;
      const raws = found.map((value) => value.raw);
      expect(each.map((part) => ('literal' in part ? part.literal : raws.shift())).join('')).toBe(raw);
      for (const { value, raw: sent } of found) expect(decodeSegment(sent)).toBe(value);
      const decoded = each.map((part) =>
        'literal' in part ? { literal: decodeSegment(part.literal) ?? part.literal } : part,
      );
      expect(allSplits(decoded, decodeSegment(raw) ?? '')).toEqual([found.map((value) => value.value)]);
    }),
    { numRuns: 20_000 },
  );
  expect(bound).toBeGreaterThan(1_000);
});

test('a pattern of thousands of literals is divided in time that grows with the text', () => {
  const many = partsOf(segmentOf('{a},'.repeat(2_000) + '{a}'));
  const started = performance.now();
  expect(splitByPattern(many, 'x,'.repeat(20_000) + 'x')?.isOnly).toBe(false);
  expect(splitByPattern(many, 'x,'.repeat(1_999) + 'x')).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1_000);
});
