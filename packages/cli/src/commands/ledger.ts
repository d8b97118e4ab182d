import { LeakproofError } from '@leakproof/core';
import type { AccountFilter } from '@leakproof/ledger';
import type { LogReport } from '@leakproof/log';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { addHelp } from '../help.ts';
import { paint } from '../terminal.ts';

const ABOUT = `
Owners and principals are tokens under the guard's key. No value of a field is in the log.
`;

interface AccountOptions {
  readonly log: string;
  readonly json?: true;
  readonly principal?: string;
  readonly field?: string;
  readonly operation?: string;
  readonly server?: string;
  readonly since?: string;
  readonly until?: string;
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
const VERIFY_EXITS = {
  0: 'the log is whole',
  2: 'there is no log there, or the command line is wrong',
  3: 'bytes of the log were changed or are missing, or nothing is in it',
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
      .option('--since <time>', 'from this time on (ISO 8601)')
      .option('--until <time>', 'before this time (ISO 8601)')
      .option('--json', 'write one JSON object to stdout')
      .action(async (options: AccountOptions) => finish(await account(options)));
    addHelp(accountVerb, { about: ABOUT, exits: ACCOUNT_EXITS, examples: ACCOUNT_EXAMPLES });
    const verifyVerb = ledger
      .command('verify')
      .description('Checks the checksums and the chain of the log: no byte changed, none missing.')
      .requiredOption('--log <directory>', 'the fact log')
      .option('--json', 'write one JSON object to stdout')
      .action(async (options: { readonly log: string; readonly json?: true }) => finish(await verify(options)));
    addHelp(verifyVerb, { exits: VERIFY_EXITS, examples: VERIFY_EXAMPLES });
  },
};

async function account(options: AccountOptions): Promise<ExitCode> {
  const { account: accountOf, accountJson, accountTable, isAnswer, isComplete } = await import('@leakproof/ledger');
  const { principal, field, operation, server } = options;
  const [sinceMs, untilMs] = [timeOf('--since', options.since), timeOf('--until', options.until)];
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs)
    throw new LeakproofError('LP-USAGE', '--since is not before --until.', { fix: 'Exchange the two times.' });
  const filter: AccountFilter = {
    principal,
    field,
    operation,
    server,
    sinceMs,
    untilMs,
  };
  const result = accountOf(options.log, filter);
  process.stdout.write(options.json ? `${JSON.stringify(accountJson(result))}\n` : accountTable(result, paint));
  return isComplete(result) && isAnswer(result) ? EXIT.clean : EXIT.inconclusive;
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
  const { verifyLog } = await import('@leakproof/log');
  const report = verifyLog(options.log);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(options.log, report));
  return report.whole && !report.isEmpty ? EXIT.clean : EXIT.inconclusive;
}

function reportText(directory: string, { whole, isEmpty, writers, breaks }: LogReport): string {
  const lines = writers.map(
    ({ writer, facts, frames, head }) =>
      `  ${writer}: ${facts} facts in ${frames} frames, root ${head?.root ?? 'none yet'}`,
  );
  const broken = breaks.map(
    ({ writer, segment, offset, why }) => `  ${writer} segment ${segment} at ${offset}: ${why}`,
  );
  const verdict = !whole
    ? `The log is ${paint('red', 'broken')}.`
    : isEmpty
      ? `${paint('red', 'Nothing to verify')}: ${directory} has ${writers.length === 0 ? 'no writer (w-0, w-1, …)' : 'no record'}.`
      : `The log is ${paint('green', 'whole')}.`;
  return `${[verdict, ...lines, ...broken].join('\n')}\n`;
}
