import { basename } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import type { AccountFigures, LedgerReport, Question } from '@leakproof/ledger';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { loadContractFile } from '../contract-file.ts';
import { addHelp } from '../help.ts';
import { paint } from '../terminal.ts';
import { writeText } from '../write-file.ts';
import { registerKeeping, tokenOf } from './ledger-keep.ts';

const ABOUT = `
Owners and principals are tokens under the guard's key. No value of a field is in the log.
`;

interface AccountOptions {
  readonly log: string;
  readonly json?: true;
  readonly html?: string;
  readonly csv?: string;
  readonly contract?: string;
  readonly principal?: string;
  readonly field?: string;
  readonly operation?: string;
  readonly server?: string;
  readonly since?: string;
  readonly until?: string;
  readonly relation?: string;
  readonly owner?: string;
  readonly id?: string;
  readonly keyFile: string;
  readonly top?: string;
}

const ACCOUNT_EXITS = {
  0: 'the account is complete',
  2: 'there is no log there, or the command line is wrong',
  3: 'the account is a lower bound, or none: part of the log could not be read, or no record has what was asked for',
};
const ACCOUNT_EXAMPLES = [
  'leakproof ledger account --log facts',
  'leakproof ledger account --log facts --field User.age --since 2021-01-20 --until 2021-05-05',
  'leakproof ledger account --log facts --principal anonymous --json',
];
const ROLL_ABOUT = `
Run it every few minutes. Accounts read the files and what is not in them yet, so they show the same before and after.
`;
const ROLL_EXITS = {
  0: 'done',
  2: 'another process changes the files, or the command line is wrong',
  3: 'the manifest is damaged',
};
const ROLL_EXAMPLES = ['leakproof ledger roll --log facts'];
const VERIFY_EXITS = {
  0: 'log and columns are whole',
  2: 'there is no log there, or the command line is wrong',
  3: 'bytes were changed or are missing, or nothing is in it',
};
const VERIFY_EXAMPLES = ['leakproof ledger verify --log facts'];

/** `leakproof ledger`: the account of a log, and whether the log is whole. */
export const ledgerCommand: CliCommand = {
  name: 'ledger',
  register: (program, finish) => {
    const ledger = program.command('ledger').description('Counts whose data went to whom, from the log of the guard.');
    addHelp(ledger, {
      about: ABOUT,
      exits: { 0: 'complete, or whole', 3: 'incomplete, changed, or empty' },
      examples: [...ACCOUNT_EXAMPLES, ...VERIFY_EXAMPLES],
    });
    const accountVerb = ledger
      .command('account')
      .description('Shows which fields of how many owners went to whom, allowed or forbidden.')
      .requiredOption('--log <directory>', 'the fact log')
      .option('--principal <token>', 'only data that went to this principal; `anonymous` for anonymous callers')
      .option('--field <field>', 'only this field: User.age, or age of every resource')
      .option('--operation <name>', 'only data from this operation')
      .option('--server <name>', 'only data from this server')
      .option('--relation <name>', 'only data that went to principals in this relation to the owner')
      .option('--owner <token>', 'only data of this owner')
      .option('--id <kind:space:id>', 'only data of this owner, by id: person:us:7')
      .option('--key-file <file>', 'the key of the tokens, for --id', 'leakproof.key')
      .option('--top <count>', 'how many principals are listed (100)')
      .option('--since <time>', 'from this time on (ISO 8601)')
      .option('--until <time>', 'before this time (ISO 8601)')
      .option('--json', 'write one JSON object to stdout')
      .option('--html <file>', 'write one page to print')
      .option('--csv <file>', 'write the tokens of the affected owners; recorded in the ledger')
      .option('--contract <file>', 'names the data class of each field in the page')
      .action(async (options: AccountOptions) => finish(await account(options)));
    addHelp(accountVerb, { about: ABOUT, exits: ACCOUNT_EXITS, examples: ACCOUNT_EXAMPLES });
    const rollVerb = ledger
      .command('roll')
      .description('Writes closed segments of the log as Parquet files, and merges the files of past days.')
      .requiredOption('--log <directory>', 'the fact log; the files are written to its folder `columns`')
      .option('--keep-log <hours>', 'how long rolled segments stay in the log, at least the longest budget', '24')
      .action(async (options: RollOptions) => finish(await roll(options)));
    addHelp(rollVerb, { about: ROLL_ABOUT, exits: ROLL_EXITS, examples: ROLL_EXAMPLES });
    registerKeeping(ledger, finish);
    const verifyVerb = ledger
      .command('verify')
      .description('Checks the chain of the log, and of its columns: no byte changed, none missing.')
      .requiredOption('--log <directory>', 'the fact log')
      .option('--json', 'write one JSON object to stdout')
      .action(async (options: { readonly log: string; readonly json?: true }) => finish(await verify(options)));
    addHelp(verifyVerb, { exits: VERIFY_EXITS, examples: VERIFY_EXAMPLES });
  },
};

async function account(options: AccountOptions): Promise<ExitCode> {
  const { ask, accountTable, answers, isWhole } = await import('@leakproof/ledger');
  const { principal, field, operation, server, relation } = options;
  const owner = await tokenOf(options);
  const [sinceMs, untilMs] = [timeOf('--since', options.since), timeOf('--until', options.until)];
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs)
    throw new LeakproofError('LP-USAGE', '--since is not before --until.', { fix: 'Exchange the two times.' });
  const fields = field === undefined ? undefined : [field];
  const limits = { principal, fields, operation, server, relation, owner, sinceMs, untilMs };
  const result = await ask(options.log, 'account', {
    ...limits,
    top: countOf('--top', options.top),
    nowMs: Date.now(),
  });
  if (options.html !== undefined) await writeReport(options, result);
  if (options.csv !== undefined) await writeOwners(options.log, options.csv, limits);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : accountTable(result, paint));
  return isWhole(result) && answers(result) ? EXIT.clean : EXIT.inconclusive;
}

async function writeReport(
  { html = '', contract, ...options }: AccountOptions,
  figures: AccountFigures,
): Promise<void> {
  const { accountHtml } = await import('@leakproof/ledger');
  const classOf = contract === undefined ? undefined : await classesOf(contract);
  const asked = (['field', 'operation', 'server', 'principal', 'relation', 'since', 'until'] as const)
    .filter((name) => options[name] !== undefined)
    .map((name) => `${name}: ${options[name]}.`);
  if (options.owner !== undefined || options.id !== undefined) asked.push('One owner.');
  const question = asked.length > 0 ? asked : ['Everything in the ledger.'];
  writeText('--html', html, accountHtml(figures, { question, classOf, nowMs: Date.now() }));
}

async function classesOf(file: string): Promise<(resource: string, field: string) => string | undefined> {
  const { contract } = await loadContractFile(file);
  return (resource, field) => contract.resources[resource]?.fields[field]?.class;
}

/** The copy is recorded in the manifest: an erasure later names it. */
async function writeOwners(log: string, file: string, question: Question): Promise<void> {
  const { ask, note, ownersCsv } = await import('@leakproof/ledger');
  const { createHash } = await import('node:crypto');
  const nowMs = Date.now();
  const owners = await ask(log, 'owners', { ...question, nowMs });
  const text = ownersCsv(owners);
  const sha256 = createHash('sha256').update(text).digest('hex');
  note(log, { do: 'export', what: basename(file), sha256, rows: owners.length }, nowMs);
  writeText('--csv', file, text);
}

function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new LeakproofError('LP-USAGE', `${option} needs a count, not "${text}".`);
  return Number(text);
}

interface RollOptions {
  readonly log: string;
  readonly keepLog: string;
}

/** Days that have ended are merged, one hour after their end: a writer may still append to them. */
async function roll({ log, keepLog }: RollOptions): Promise<ExitCode> {
  const { rollLog } = await import('@leakproof/ledger');
  const nowMs = Date.now();
  const mergeBeforeDay = new Date(nowMs - HOUR_MS).toISOString().slice(0, 10);
  const keepLogMs = hoursOf('--keep-log', keepLog) * HOUR_MS;
  const done = await rollLog({ directory: log, nowMs, keepLogMs, mergeBeforeDay });
  process.stdout.write(
    `${done.facts} facts of ${done.segments} segments rolled into ${done.files} files; ${done.merged.days} days merged; ${done.removedSegments} segments removed from the log\n`,
  );
  return EXIT.clean;
}

const HOUR_MS = 3_600_000;

function hoursOf(option: string, text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new LeakproofError('LP-USAGE', `${option} needs hours, not "${text}".`);
  return Number(text);
}

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})(?:$|T)/.exec(text) ?? [];
  // Date.parse takes 30 February for 2 March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (Number.isNaN(time) || !isDay)
    throw new LeakproofError('LP-USAGE', `${option} needs a time such as 2021-05-05T12:00:00Z, not "${text}".`);
  return time;
}

async function verify(options: { readonly log: string; readonly json?: true }): Promise<ExitCode> {
  const { verifyLedger } = await import('@leakproof/ledger');
  const report = await verifyLedger(options.log);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(options.log, report));
  return report.whole && !report.isEmpty ? EXIT.clean : EXIT.inconclusive;
}

function reportText(directory: string, { whole, isEmpty, log, columns }: LedgerReport): string {
  const lines = log.writers.map(
    ({ writer, facts, frames, head }) =>
      `  ${writer}: ${facts} facts in ${frames} frames, root ${head?.root ?? 'none yet'}`,
  );
  if (columns.lines > 0)
    lines.push(
      `  columns: ${columns.rows} facts in ${columns.files} files of ${columns.bytes} bytes, manifest of ${columns.lines} lines, root ${columns.head}`,
    );
  const broken = [
    ...log.breaks.map(({ writer, segment, offset, why }) => `  ${writer} segment ${segment} at ${offset}: ${why}`),
    ...columns.breaks.map(({ file, offset, why }) => `  columns/${file} at ${offset}: ${why}`),
  ];
  const verdict = !whole
    ? `The ledger is ${paint('red', 'broken')}.`
    : isEmpty
      ? `${paint('red', 'Nothing to verify')}: ${directory} has ${log.writers.length === 0 ? 'no writer (w-0, w-1, …)' : 'no record'}.`
      : `The ledger is ${paint('green', 'whole')}.`;
  return `${[verdict, ...lines, ...broken].join('\n')}\n`;
}
