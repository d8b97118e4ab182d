import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FILL_IN, KINDS, placesToFillIn, scaffold, type Scaffolded } from '../scripts/scaffold.ts';

/*
 * `npm run new`, in a copy of the two packages: what it creates passes everything but the places that its author must write.
 */

const ROOT = resolve(import.meta.dirname, '..');
const NAME = 'made-for-a-test';
const FOLDERS = ['packages/scan', 'packages/sources', 'scripts', 'schema'];
const FILES = ['package.json', 'tsconfig.base.json', 'vitest.config.ts', '.oxlintrc.json', '.oxfmtrc.json'];

let copy = '';
const created: Record<string, Scaffolded> = {};

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'leakproof-new-'));
  const isSource = (path: string): boolean => !['dist', 'node_modules'].includes(basename(path));
  for (const folder of FOLDERS) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true, filter: isSource });
  for (const file of FILES) cpSync(join(ROOT, file), join(copy, file));
  const others = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`);
  for (const path of ['node_modules', ...others.filter((each) => !FOLDERS.includes(each))])
    symlinkSync(join(ROOT, path), join(copy, path));
  const config = JSON.parse(readFileSync(join(ROOT, 'tsconfig.test.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(
    join(copy, 'tsconfig.json'),
    JSON.stringify({ ...config, include: ['packages/scan/src/**/*.ts', 'packages/sources/src/**/*.ts'] }),
  );
  for (const kind of Object.keys(KINDS)) created[kind] = scaffold(kind, NAME, copy);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(tool: string, ...args: string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules', tool), ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', NO_COLOR: '1' },
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Runs one test file of the copy; the titles of the tests that fail. */
function failuresOf(file: string): string[] {
  const outputFile = join(copy, 'report.json');
  run('vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${outputFile}`, '--root', copy, file);
  const report = JSON.parse(readFileSync(outputFile, 'utf8')) as {
    readonly numPassedTests: number;
    readonly testResults: readonly { readonly assertionResults: readonly { status: string; title: string }[] }[];
  };
  expect(report.numPassedTests).toBeGreaterThan(10);
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(results.some(({ title }) => title.includes(NAME))).toBe(true);
  return results.filter(({ status }) => status !== 'passed').map(({ title }) => title);
}

describe('a new check and a new reader', () => {
  test('are a folder with the object, cases and a page, and a line of the registry', () => {
    for (const [kind, { source, folder, module }] of Object.entries(KINDS)) {
      const names = created[kind]?.files.map((file) => file.replace(`${source}/${folder}/`, '')) ?? [];
      expect(names).toEqual(expect.arrayContaining([`${NAME}/${module}`, `${NAME}/README.md`, 'index.ts']));
      expect(names.filter((name) => name.startsWith(`${NAME}/cases/`)).length).toBeGreaterThanOrEqual(2);
      const registry = readFileSync(join(copy, source, folder, 'index.ts'), 'utf8');
      expect(registry.match(/madeForATest/g)).toHaveLength(2);
    }
  });

  test('pass the compiler', () => {
    expect(run('typescript/bin/tsc', '-p', 'tsconfig.json')).toEqual({ status: 0, output: '' });
  });

  test('pass the linter and the formatter', () => {
    const paths = Object.values(created).flatMap(({ files }) => files.filter((file) => file.endsWith('.ts')));
    expect(paths.length).toBeGreaterThanOrEqual(4);
    expect(run('oxlint/bin/oxlint', '--type-aware', ...paths)).toMatchObject({ status: 0 });
    expect(run('oxfmt/bin/oxfmt', '--check', ...paths)).toMatchObject({ status: 0 });
  });

  test('pass their audits, but for the leaking case that the author of the check must write', () => {
    expect(failuresOf('packages/sources/src/readers/cases.test.ts')).toEqual([]);
    const [failure, ...others] = failuresOf('packages/scan/src/checks/checks.test.ts');
    expect([failure, others]).toEqual([expect.stringContaining(`${NAME}, leaks.example: ${FILL_IN}`), []]);
  });

  test('list every place that their author must write', () => {
    for (const { toFillIn } of Object.values(created)) {
      expect(toFillIn.length).toBeGreaterThanOrEqual(3);
      for (const place of toFillIn) expect(place).toMatch(new RegExp(`${NAME}/.+:[0-9]+: ${FILL_IN}: `));
    }
  });
});

test.each([
  ['an unknown kind', 'report', 'sarif'],
  ['a name that is not kebab-case', 'check', '../escape'],
  ['a name that exists', 'check', 'ignored-state'],
])('%s is refused, and nothing is created', (_title, kind, name) => {
  const files = (): string[] => readdirSync(join(copy, 'packages/scan/src'), { recursive: true, encoding: 'utf8' });
  const before = files();
  expect(() => scaffold(kind, name, copy)).toThrow(/kind|kebab-case|already exists/);
  expect(files()).toEqual(before);
});

test.each(Object.entries(KINDS))(
  'no %s of this repository has a place that its author has not written',
  (_kind, kind) => {
    expect(placesToFillIn(join(ROOT, kind.source, kind.folder))).toEqual([]);
  },
);
