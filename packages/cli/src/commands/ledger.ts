import { LeakproofError } from '@leakproof/core';
import type { AccountFilter } from '@leakproof/ledger';
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
  3: 'the account is a lower bound: responses were not judged, or part of the log could not be read',
};
const ACCOUNT_EXAMPLES = [
  'leakproof ledger account --log facts',
  'leakproof ledger account --log facts --field User.age --since 2021-01-20 --until 2021-05-05',
  'leakproof ledger account --log facts --principal anonymous --json',
];
const VERIFY_EXITS = { 0: 'the log is whole', 3: 'bytes of the log were changed or are missing' };
const VERIFY_EXAMPLES = ['leakproof ledger verify --log facts'];

/** `leakproof ledger`: the account of a log, and whether the log is whole. */
export const ledgerCommand: CliCommand = {
  name: 'ledger',
  register: (program, finish) => {
    const ledger = program.command('ledger').description('Counts whose data went to whom, from the log of the guard.');
    addHelp(ledger, {
      about: ABOUT,
      exits: { 0: 'complete, or whole', 3: 'incomplete, or changed' },
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
  const { account: accountOf, accountJson, accountTable, isComplete } = await import('@leakproof/ledger');
  const { principal, field, operation, server } = options;
  const filter: AccountFilter = {
    principal,
    field,
    operation,
    server,
    sinceMs: timeOf('--since', options.since),
    untilMs: timeOf('--until', options.until),
  };
  const result = accountOf(options.log, filter);
  process.stdout.write(options.json ? `${JSON.stringify(accountJson(result))}\n` : accountTable(result, paint));
  return isComplete(result) ? EXIT.clean : EXIT.inconclusive;
}

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new LeakproofError('LP-USAGE', `${option} needs a time such as 2021-05-05T12:00:00Z, not "${text}".`);
  return time;
}

async function verify(options: { readonly log: string; readonly json?: true }): Promise<ExitCode> {
  const { verifyLog } = await import('@leakproof/log');
  const report = verifyLog(options.log);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const verdict = paint(report.whole ? 'green' : 'red', report.whole ? 'whole' : 'broken');
    const lines = report.writers.map(
      ({ writer, facts, frames, head }) =>
        `  ${writer}: ${facts} facts in ${frames} frames, root ${head?.root ?? 'none yet'}`,
    );
    const breaks = report.breaks.map(
      ({ writer, segment, offset, why }) => `  ${writer} segment ${segment} at ${offset}: ${why}`,
    );
    process.stdout.write(`The log is ${verdict}.\n${[...lines, ...breaks].join('\n')}\n`);
  }
  return report.whole ? EXIT.clean : EXIT.inconclusive;
}
