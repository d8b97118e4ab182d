/** Writes docs/quality.md from the report of `stryker run`; fails if the score is below the floor. */
import { readFileSync, writeFileSync } from 'node:fs';

const FLOOR = 85;
const REPORT = '.leakproof/mutation.json';
const PAGE = 'docs/quality.md';

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Both from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

const { files } = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
const rows = Object.entries(files)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([file, { source, mutants }]) => ({ file, source, mutants, ...countsOf(mutants) }))
  .filter(({ all }) => all > 0);
const total = countsOf(rows.flatMap(({ mutants }) => mutants));
const score = scoreOf(total);

writeFileSync(
  PAGE,
  `# Mutation testing

\`npm run mutate\` changes one thing at a time in the contract and the rules of core and runs the tests of core that reach it, without
the searches (\`*.malformed.test.ts\`, \`*.property.test.ts\`): what only they find is a test that is missing. It takes about half an hour
on two idle cores, writes this page, and fails below ${FLOOR} %. Mutants of what is computed once when a module is loaded are left out.

**${score.toFixed(1)} %** of ${total.all} mutants were found: ${total.found} by a failing test, ${total.timeout} because a test did not end.

| file | mutants | found | score |
|---|---|---|---|
${rows.map(({ file, ...counts }) => `| ${file} | ${counts.all} | ${counts.found + counts.timeout} | ${scoreOf(counts).toFixed(0)} % |`).join('\n')}

## Survivors

${rows.flatMap(({ file, source, mutants }) => mutants.filter(survives).map((each) => survivorLine(file, source, each))).join('\n')}
`,
);
process.stdout.write(`${score.toFixed(1)} % of ${total.all} mutants were found; ${PAGE} lists the rest.\n`);
if (score < FLOOR) process.exitCode = 1;

interface Counts {
  readonly all: number;
  readonly found: number;
  readonly timeout: number;
}

function countsOf(mutants: readonly Mutant[]): Counts {
  const count = (...statuses: readonly string[]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const found = count('Killed');
  const timeout = count('Timeout');
  return { all: found + timeout + count('Survived', 'NoCoverage'), found, timeout };
}

function scoreOf({ all, found, timeout }: Counts): number {
  return all === 0 ? 100 : (100 * (found + timeout)) / all;
}

function survives({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function survivorLine(file: string, source: string, { mutatorName, replacement = '', location }: Mutant): string {
  const { start, end } = location;
  const line = source.split('\n')[start.line - 1] ?? '';
  const original = line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined);
  return `- ${file.split('/').slice(-2).join('/')}:${start.line} ${mutatorName}: ${code(original)} → ${code(replacement)}`;
}

/** Text as code of Markdown, in one line. */
function code(text: string): string {
  const short = text.replaceAll(/\s+/g, ' ').slice(0, 80);
  return `\`\` ${short} \`\``;
}
