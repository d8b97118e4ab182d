import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadContract, runCase } from '../index.ts';

const folder = resolve(import.meta.dirname, '../../../cases');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const attacks = files.filter((name) => name.startsWith('attack-'));

/** The only files that are meant to be warned about. */
const WARNED = new Set(['graphql-required-fields.yaml']);

function read(path: string, from?: string) {
  const file = from === undefined ? resolve(folder, path) : resolve(dirname(from), path);
  return { file, text: readFileSync(file, 'utf8') };
}

test('there are at least 24 cases of what a contract can say, and ten of attacks', () => {
  expect(files.length - attacks.length).toBeGreaterThanOrEqual(24);
  expect(attacks.length).toBeGreaterThanOrEqual(10);
});

describe.each(files)('%s', (name) => {
  const { contract, tests, problems } = loadContract(name, read);

  test('says in its first lines what it shows', () => {
    const [schema = '', comment = ''] = read(name).text.split('\n', 2);
    expect(schema).toBe('# yaml-language-server: $schema=../../../schema/contract.schema.json');
    expect(comment).toMatch(/^# [A-Z].{20,}\.$/);
  });

  test('loads without a problem', () => {
    expect(problems.map((each) => each.severity)).toEqual(WARNED.has(name) ? ['warning'] : []);
    expect(contract).toBeDefined();
  });

  test('shows what is allowed and what is not, with bytes and facts', () => {
    expect(tests.length).toBeGreaterThanOrEqual(2);
    expect(tests.some((each) => each.expect.body !== undefined)).toBe(true);
    expect(tests.some((each) => each.expect.facts !== undefined)).toBe(true);
    const isWithheld = (each: (typeof tests)[number]): boolean =>
      each.expect.refused !== undefined || each.expect.gone === true || each.expect.body !== each.origin;
    expect(tests.some(isWithheld)).toBe(true);
  });

  test.each(tests)('$name', (source) => {
    if (!contract) throw new Error('The contract did not load.');
    expect(runCase(contract, source).differences).toEqual([]);
  });
});
