import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import type { Command } from 'commander';
import { collect, EXIT, type ExitCode } from '../../command.ts';
import { addHelp, type HelpPage } from '../../help.ts';
import { readText } from '../../read-file.ts';
import { paint } from '../../terminal.ts';
import { addConfigOption, type DeskOptions, withDesk } from './desk-options.ts';

interface AddOptions extends DeskOptions {
  readonly title: string;
  readonly arrived?: string;
  readonly contact?: string;
  readonly reporter?: string;
  readonly file: readonly string[];
}

/** Adds the verbs about cases. */
export function registerCases(desk: Command, finish: (code: ExitCode) => void): void {
  const verb = (name: string, description: string, help: HelpPage): Command =>
    addHelp(addConfigOption(desk.command(name).description(description)), help);
  verb('add', 'Adds a report that came in another way; its clocks start when it arrived.', {
    exits: { 0: 'added' },
    examples: [
      "leakproof desk add report.txt --title 'Any profile is open' --arrived 2021-01-20T15:00:00Z --file proof.har",
    ],
  })
    .argument('<text>', 'a file with the text of the report')
    .requiredOption('--title <title>', 'the problem in one line')
    .option('--arrived <time>', 'when it arrived (ISO 8601); default: now')
    .option('--contact <address>', "the reporter's mail address")
    .option('--reporter <name>', "the reporter's name")
    .option('--file <path>', 'a proof or another file (repeat)', collect, [])
    .action(async (text: string, options: AddOptions) => finish(await add(text, options)));
  verb('mail', 'Takes in mails (.eml): each opens a case, or joins the thread that its subject names.', {
    exits: { 0: 'taken in' },
    examples: ['leakproof desk mail report.eml'],
  })
    .argument('<files...>', 'mails, as RFC 5322')
    .action(async (files: readonly string[], options: DeskOptions) => finish(await mail(files, options)));
  verb('list', 'Lists open cases, the next due first, after taking every step that is due.', {
    exits: { 0: 'nothing of ours is overdue', 1: 'a promise of ours is overdue' },
    examples: ['leakproof desk list', 'leakproof desk list --json'],
  })
    .option('--json', 'write JSON to stdout')
    .action(async (options: DeskOptions & { readonly json?: true }) => finish(await list(options)));
  verb('retest', 'Runs the proofs of one case, or every proof there is, now.', {
    exits: {
      0: 'no proof is reproduced',
      1: 'a proof is reproduced, or half',
      3: 'a proof is inconclusive, or a person has to start it',
    },
    examples: ['leakproof desk retest', 'leakproof desk retest D-0123456789'],
  })
    .argument('[case]', 'a case; default: all')
    .action(async (id: string | undefined, options: DeskOptions) => finish(await retest(id, options)));
  verb('advisory', 'Prints the advisory of a case.', {
    exits: { 0: 'printed' },
    examples: ['leakproof desk advisory D-0123456789 --format csaf.json'],
  })
    .argument('<case>', 'a case')
    .option('--format <name>', 'csaf.json, cyclonedx.json, cve.json or advisory.md', 'advisory.md')
    .action(async (id: string, options: DeskOptions & { readonly format: string }) =>
      finish(await advisory(id, options)),
    );
  for (const what of ['register', 'metrics'] as const)
    verb(
      what,
      what === 'register'
        ? 'Prints the register of breaches, with those judged no breach, as JSON.'
        : 'Prints the metrics of BOD 20-01 as JSON.',
      {
        exits: { 0: 'printed' },
        examples: [`leakproof desk ${what}`],
      },
    ).action(async (options: DeskOptions) => finish(await print(what, options)));
}

async function add(
  path: string,
  { title, arrived, contact, reporter, file, ...options }: AddOptions,
): Promise<ExitCode> {
  const arrivedMs = arrived === undefined ? undefined : Date.parse(arrived);
  if (arrivedMs !== undefined && (Number.isNaN(arrivedMs) || arrivedMs > Date.now()))
    throw new LeakproofError(
      'LP-USAGE',
      `--arrived needs a time in the past such as 2021-01-20T15:00:00Z, not "${arrived}".`,
    );
  const { readReport } = await import('@leakproof/desk');
  const report = readReport({
    title,
    text: readText(path),
    ...(contact === undefined ? {} : { contact }),
    ...(reporter === undefined ? {} : { name: reporter }),
  });
  return withDesk(options, async ({ desk }) => {
    const files = file.map((each) => ({ name: basename(each), content: bytesOf(each) }));
    const { id, key } = await desk.submit({ report, channel: 'added', arrivedMs, files });
    await desk.retests.idle();
    process.stdout.write(`${id}\nReturn key for the reporter (shown only now): ${key}\n`);
    return EXIT.clean;
  });
}

async function mail(files: readonly string[], options: DeskOptions): Promise<ExitCode> {
  return withDesk(options, async ({ desk }) => {
    for (const file of files) {
      const bytes = bytesOf(file);
      process.stdout.write(`${file}: ${await desk.mail(bytes, statSync(file).mtimeMs)}\n`);
    }
    await desk.retests.idle();
    return EXIT.clean;
  });
}

async function list({ json, ...options }: DeskOptions & { readonly json?: true }): Promise<ExitCode> {
  const { formatTime } = await import('@leakproof/desk');
  return withDesk(options, async ({ desk }) => {
    await desk.passTime();
    const rows = await desk.context.store.rows.open();
    const nowMs = desk.context.now();
    const isLate = (row: (typeof rows)[number]): boolean => row.party === 'us' && (row.dueMs ?? 0) < nowMs;
    if (json) {
      const cases = rows.map((row) => ({
        case: row.id,
        title: row.title,
        turn: row.party,
        due: new Date(row.dueMs ?? 0).toISOString(),
        isOverdue: isLate(row),
      }));
      process.stdout.write(`${JSON.stringify(cases)}\n`);
    } else {
      for (const row of rows) {
        const due = formatTime(desk.context.policy.calendar, row.dueMs ?? 0);
        const text = `${row.id}  ${row.party === 'us' ? 'ours     ' : 'reporter '} ${due}  ${row.title}\n`;
        process.stdout.write(isLate(row) ? paint('red', text) : text);
      }
    }
    return rows.some(isLate) ? EXIT.findings : EXIT.clean;
  });
}

async function retest(id: string | undefined, options: DeskOptions): Promise<ExitCode> {
  return withDesk(options, async ({ desk }) => {
    const startMs = desk.context.now();
    const before = await desk.context.store.rows.runnableProofs();
    await (id === undefined ? desk.retests.enqueueAll('person') : desk.retests.enqueueCase(id, 'person'));
    await desk.retests.idle();
    const verdicts: string[] = [];
    for (const caseId of new Set(before.map((row) => row.caseId))) {
      const { desk: state } = await desk.load(caseId);
      for (const [proof, { verdict, why, atMs }] of state.retests) {
        if (id !== undefined && atMs < startMs) continue;
        verdicts.push(verdict);
        process.stdout.write(`${caseId}  ${proof}  ${verdict}  ${why}\n`);
      }
    }
    if (verdicts.some((each) => each === 'reproduced' || each === 'half')) return EXIT.findings;
    return (verdicts.length < before.length && id === undefined) || verdicts.includes('inconclusive')
      ? EXIT.inconclusive
      : EXIT.clean;
  });
}

async function advisory(
  id: string,
  { format, ...options }: DeskOptions & { readonly format: string },
): Promise<ExitCode> {
  const { exportAdvisory } = await import('@leakproof/desk');
  return withDesk(options, async ({ desk }, { publisher }) => {
    process.stdout.write((await exportAdvisory(id, format, { desk, publisher })).content);
    return EXIT.clean;
  });
}

async function print(what: 'register' | 'metrics', options: DeskOptions): Promise<ExitCode> {
  const { allCases, metricsOf, registerOf } = await import('@leakproof/desk');
  return withDesk(options, async ({ desk }) => {
    const cases = await allCases(desk.context);
    const value = what === 'register' ? registerOf(cases) : metricsOf(cases, { nowMs: desk.context.now() });
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    return EXIT.clean;
  });
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new LeakproofError('LP-FILE-UNREADABLE', `${path} cannot be read.`, { cause });
  }
}
