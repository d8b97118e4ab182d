import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadContractFile } from '../contract-file.ts';
import { run } from '../run.ts';

const CASE = resolve(import.meta.dirname, '../../../core/cases/fitness-profile.yaml');
const VALID = readFileSync(CASE, 'utf8');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leakproof-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function leakproof(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((err += String(text))));
  return { exit: await run(argv), out, err };
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('leakproof contract', () => {
  test('check of a valid contract exits 0 and counts what it covers', async () => {
    const { exit, out, err } = await leakproof('contract', 'check', CASE);
    expect({ exit, out }).toEqual({ exit: 0, out: '' });
    expect(err).toMatch(/valid.*1 operations/);
  });

  test('check of an error exits 2, with its position and what would be right', async () => {
    const file = write(
      'contract.yaml',
      VALID.replace('see: member, class: location.city', 'see: membr, class: location.city'),
    );
    const { exit, out } = await leakproof('contract', 'check', file);
    expect(exit).toBe(2);
    const line = VALID.split('\n').findIndex((each) => each.includes('location.city')) + 1;
    expect(out).toContain(`contract.yaml:${line}:`);
    expect(out).toContain('Did you mean "member"?');
  });

  test('a contract with an error cannot be built, shown or tested', async () => {
    const file = write('contract.yaml', VALID.replace('operations:', 'operatoins:'));
    for (const verb of [['build'], ['show', '--plain'], ['test']])
      expect((await leakproof('contract', ...verb, file)).exit).toBe(2);
  });

  test('a missing file is named with its code', async () => {
    const { exit, err } = await leakproof('contract', 'check', join(folder, 'none.yaml'));
    expect(exit).toBe(2);
    expect(err).toContain('LP-FILE-UNREADABLE');
    expect(err).toContain('none.yaml');
  });

  test('what build writes is the contract that other verbs load', async () => {
    const built = join(folder, 'contract.json');
    expect((await leakproof('contract', 'build', CASE, '--out', built)).exit).toBe(0);
    expect(await loadContractFile(built)).toEqual(await loadContractFile(CASE));
  });

  test('a built contract of another format is refused with its file', async () => {
    const built = join(folder, 'contract.json');
    await leakproof('contract', 'build', CASE, '--out', built);
    writeFileSync(built, readFileSync(built, 'utf8').replace('"format":', '"format":9'));
    const { exit, err } = await leakproof('contract', 'show', built);
    expect(exit).toBe(2);
    expect(err).toMatch(/LP-CONTRACT-INVALID .*contract\.json/);
  });

  test('diff exits 1 on a widening, and 0 on a narrowing', async () => {
    const wider = write('wider.yaml', VALID.replace('weight: { see: self', 'weight: { see: member'));
    const { exit, out } = await leakproof('contract', 'diff', CASE, wider);
    expect(exit).toBe(1);
    expect(out).toContain('User.weight');
    expect((await leakproof('contract', 'diff', wider, CASE)).exit).toBe(0);
  });

  test('test runs the cases: exit 0 if they hold, 1 if one does not, 2 if there is none', async () => {
    expect((await leakproof('contract', 'test', CASE)).exit).toBe(0);
    const broken = write(
      'broken.yaml',
      VALID.replace('"location":"Town-7","age":31,"weight":null', '"location":"Town-8","age":31,"weight":null'),
    );
    const { exit, out } = await leakproof('contract', 'test', broken);
    expect(exit).toBe(1);
    expect(out).toContain('expected');
    const bare = write('bare.yaml', VALID.slice(0, VALID.indexOf('tests:')));
    expect((await leakproof('contract', 'test', bare)).exit).toBe(2);
  });

  test('an unknown verb is a usage error, and --help is not', async () => {
    expect((await leakproof('contract', 'chekc', CASE)).exit).toBe(2);
    const help = await leakproof('contract', '--help');
    expect(help.exit).toBe(0);
    expect(help.out).toContain('Examples:');
  });
});
