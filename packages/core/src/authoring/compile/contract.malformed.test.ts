import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCompiled } from '../../contract/read-compiled.ts';
import { load } from '../../testing/contract-from.ts';
import { FUZZ_TIMEOUT_MS, fuzzing, mutated } from '../../testing/fuzz.ts';

const folder = resolve(import.meta.dirname, '../../../cases');
const cases = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const texts = cases.map((name) => readFileSync(resolve(folder, name), 'utf8').split('\ntests:')[0] ?? '');
const shared = Object.fromEntries(
  readdirSync(resolve(folder, 'shared')).map((name) => [
    `shared/${name}`,
    readFileSync(resolve(folder, 'shared', name), 'utf8'),
  ]),
);
const WORDS = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  ',',
  '-',
  '- ',
  '&a ',
  '*a',
  '!!binary ',
  '!x ',
  '|',
  '>',
  '"',
  "'",
  '#',
  '%',
  '---\n',
  '\n',
  '  ',
  '\t',
  '? ',
  '<<: ',
  'null',
  'true',
  '1',
  'self',
  'owner',
  'see',
  'fields',
  'narrow',
  'of',
  'is',
  'map',
  'by',
  'none',
  'parent',
  'User',
  '__proto__',
  'constructor',
  'object.x',
  '((',
  '\u0000',
];

test('whatever is made of a contract, it loads whole or says where it is wrong', { timeout: FUZZ_TIMEOUT_MS }, () => {
  expect(texts.length).toBeGreaterThan(30);
  fc.assert(
    fc.property(mutated(texts, WORDS), (text) => {
      let loaded;
      try {
        loaded = load(text, shared);
      } catch (error) {
        expect(error).toMatchObject({ code: 'LP-FILE-UNREADABLE' });
        return;
      }
      const errors = loaded.problems.filter((each) => each.severity === 'error');
      expect(loaded.contract === undefined).toBe(errors.length > 0);
      for (const { message, where } of loaded.problems) {
        expect(message).not.toBe('');
        expect(where.line).toBeGreaterThan(0);
        expect(where.column).toBeGreaterThan(0);
      }
      if (!loaded.contract) return;
      const built = JSON.stringify(loaded.contract);
      expect(JSON.stringify(readCompiled(built, { sha256: () => new Uint8Array(32) })?.contract)).toBe(built);
    }),
    fuzzing(),
  );
});

test('what is made to be slow or large is refused', () => {
  const bombs = [
    '['.repeat(100_000),
    '{a: '.repeat(50_000),
    '- '.repeat(50_000),
    'a: &a [*a]',
    `a: &a [${'x,'.repeat(20)}]\n${Array.from({ length: 30 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? 'a' : `b${index - 1}`}, *${index === 0 ? 'a' : `b${index - 1}`}]`).join('\n')}`,
    '"'.repeat(10_000),
    '!!x '.repeat(10_000),
    `leakproof: 1\napi: { servers: { ${Array.from({ length: 2_000 }, (_, index) => `s${index}: { rest: 'http://a${index}' }`).join(', ')} } }\nx: 1`,
  ];
  for (const bomb of bombs) {
    const { contract, problems } = load(bomb);
    expect(contract).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  }
});
