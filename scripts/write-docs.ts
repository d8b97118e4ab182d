// docs/errors.md from the one table of codes; `--check` fails if it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CodeEntry, ERROR_CODES } from '@leakproof/core';

const file = resolve(import.meta.dirname, '../docs/errors.md');
const rows = Object.entries<CodeEntry>(ERROR_CODES)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(
    ([code, entry]) =>
      `| \`${code}\`${entry.retired === undefined ? '' : ' (retired)'} | ${entry.summary} | ${entry.fix} | ${entry.exit} | ${entry.since} |`,
  );
const page = [
  '# Error codes',
  '',
  'Stable: a code is never used for anything else. Callers match on it.',
  '',
  '| code | what was wrong | what to do | exit | since |',
  '|---|---|---|---|---|',
  ...rows,
  '',
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== page) {
    process.stderr.write('docs/errors.md is stale: run `npm run docs`.\n');
    process.exitCode = 1;
  }
} else writeFileSync(file, page);
