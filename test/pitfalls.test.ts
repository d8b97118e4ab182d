import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS } from './corpus/corpus.ts';
import { sourcesIn } from './support/imports.ts';

const root = resolve(import.meta.dirname, '..');
const PAGE = 'docs/pitfalls.md';
const FAMILIES: Readonly<Record<string, number>> = { L: 5, F: 9, T: 7, H: 9, E: 5, J: 11, S: 10, A: 9, R: 6 };
const IDS = Object.entries(FAMILIES).flatMap(([family, count]) =>
  Array.from({ length: count }, (_, index) => `${family}${index + 1}`),
);

/** `pitfall F4`, `pitfalls T1, T4` and `pitfalls E1 and E2`, also over the lines of a comment. */
const CITATION = /\bpitfalls? ((?:[A-Z]\d{1,2}(?:, | and )?)+)/g;

const rows = readFileSync(join(root, PAGE), 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-Z]\d/.test(line))
  .map((line) => {
    const [id = '', text = '', held = ''] = line.slice(2, -2).split(' | ');
    return { id, text, held, files: [...held.matchAll(/`([^`]+\.(?:ts|yaml))`/g)].map(([, file = '']) => file) };
  });

const cited = filesThatMayCite().flatMap((file) => {
  const text = readFileSync(file, 'utf8').replaceAll(/\n\s*(?:\*|\/\/)?\s*/g, ' ');
  return [...text.matchAll(CITATION)].flatMap(([, ids = '']) =>
    ids.split(/, | and /).flatMap((id) => (id === '' ? [] : [{ file: relative(root, file), id }])),
  );
});

function filesThatMayCite(): string[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  const sources = [...packages.map((folder) => join(folder, 'src')), join(root, 'test'), join(root, 'bench')];
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name));
  const readmes = packages.map((folder) => join(folder, 'README.md')).filter((file) => existsSync(file));
  return [...sources.flatMap((folder) => sourcesIn(folder, 'all')), ...pages, ...readmes].filter(
    (file) => file !== join(root, PAGE),
  );
}

describe('the list of pitfalls', () => {
  test('is complete and in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(IDS);
  });

  test.each(rows)('$id says what goes wrong, and which test holds it or that none does', ({ text, held, files }) => {
    expect(text.length).toBeGreaterThan(40);
    const named = files.map((file) => `\`${file}\``).join(', ');
    const [tests] = held.split(/; (?=not held yet: .{20})/);
    if (named === '') expect(held).toMatch(/^not held yet: .{20}/);
    else expect(tests).toBe(named);
    for (const file of files) {
      expect(file).toMatch(/\.test\.ts$|^test\/corpus\/cases\/|^packages\/core\/cases\//);
      expect([file, existsSync(join(root, file))]).toEqual([file, true]);
    }
  });

  test('names the corpus for exactly the pitfalls that have a case there', () => {
    const inFile = rows.flatMap(({ id, files }) =>
      files.flatMap((file) => (file.startsWith('test/corpus/cases/') ? [{ id, file }] : [])),
    );
    expect(inFile.length).toBeGreaterThan(50);
    const wrong = inFile.filter(({ id, file }) => !readFileSync(join(root, file), 'utf8').includes(`'${id}'`));
    expect(wrong).toEqual([]);
    expect(new Set(inFile.map(({ id }) => id))).toEqual(new Set(CORPUS.map(({ id }) => id)));
  });

  test('has every pitfall that code, tests and pages cite', () => {
    expect(cited.length).toBeGreaterThan(20);
    expect(new Set(cited.map(({ file }) => file)).size).toBeGreaterThan(8);
    expect(cited.filter(({ id }) => !IDS.includes(id))).toEqual([]);
    expect(CORPUS.filter(({ id }) => !IDS.includes(id))).toEqual([]);
  });
});
