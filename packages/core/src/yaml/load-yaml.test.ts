import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadBigYaml } from './load-big-yaml.ts';
import { loadYaml } from './load-yaml.ts';
import type { YamlLoss } from './parse-yaml.ts';

const lost = (loss: YamlLoss): never => {
  throw new Error(loss.message);
};

test('a document read block by block is the same as one parsed as a whole', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a\nb', ' x', '- y', '# z', '\u00a0A', 'A\u2003', '---', 'k: v', '"', "'", 'long '.repeat(40)),
  );
  const value = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  })).tree;
  fc.assert(
    fc.property(
      fc.dictionary(text, value, { minKeys: 1, maxKeys: 5 }),
      fc.constantFrom(1, 20, 100),
      (document, blockSize) => {
        const yaml = stringify(document, { aliasDuplicateObjects: false });
        expect(loadBigYaml(yaml, { parse: (piece) => parse(piece) as unknown, lost, blockSize })).toEqual(parse(yaml));
      },
    ),
    { numRuns: 500 },
  );
});

test('an invalid block of a big document is rejected with its location, and the others are read', () => {
  const filler = `    description: |\n${'      some text: "and" more\n'.repeat(2000)}`;
  const paths = Array.from({ length: 100 }, (_, at) => `  /p${at}:\n    get: {}\n${filler}`);
  paths[50] = '  /broken:\n    get: {\n';
  const found: YamlLoss[] = [];
  const value = loadYaml(`openapi: 3.0.0\npaths:\n${paths.join('')}info: {}\n`, (loss) => found.push(loss)) as {
    paths: object;
  };
  expect(Object.keys(value)).toEqual(['openapi', 'paths', 'info']);
  expect(Object.keys(value.paths)).toHaveLength(100);
  expect(found).toMatchObject([{ type: 'syntax' }]);
  expect(String(found[0]?.line)).toMatch(/^1001\d\d$/);
});

test('of a key that occurs twice the last value counts, and the first is reported', () => {
  const found: YamlLoss[] = [];
  expect(loadYaml('a: 1\nb: { c: 1, c: 2 }\na: 3\n', (loss) => found.push(loss))).toEqual({ a: 3, b: { c: 2 } });
  expect(found.map(({ type, line, column }) => [type, line, column])).toEqual([
    ['duplicate-key', 1, 1],
    ['duplicate-key', 2, 6],
  ]);
});

test('merge keys are read, and a byte order mark is dropped', () => {
  expect(loadYaml('\uFEFF{"a":1}', lost)).toEqual({ a: 1 });
  expect(loadYaml('x: &x { a: 1 }\ny: { <<: *x, b: 2 }', lost)).toEqual({ x: { a: 1 }, y: { a: 1, b: 2 } });
});
