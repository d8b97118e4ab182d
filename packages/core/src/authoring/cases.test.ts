import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadContract, runCase } from './index.ts';

const folder = resolve(import.meta.dirname, '../../cases');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function read(path: string, from?: string) {
  const file = from === undefined ? resolve(folder, path) : resolve(dirname(from), path);
  return { file, text: readFileSync(file, 'utf8') };
}

describe.each(files)('%s', (name) => {
  const { contract, tests, problems } = loadContract(name, read);

  test('loads without a problem', () => {
    expect(problems).toEqual([]);
    expect(contract).toBeDefined();
    expect(tests.length).toBeGreaterThan(0);
  });

  test.each(tests)('$name', (source) => {
    if (!contract) throw new Error('The contract did not load.');
    expect(runCase(contract, source, Date.parse).differences).toEqual([]);
  });
});
