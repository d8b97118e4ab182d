import { styleText } from 'node:util';
import { LeakproofError } from '@leakproof/core';
import type { Account, AccountFilter, FieldAccount, PrincipalAccount } from '@leakproof/ledger';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';

const HELP = `
The ledger counts whose data went to whom, from the log that the guard writes. Owners and principals are tokens; no field has
a value.

Examples:
  leakproof ledger account --log ./log
  leakproof ledger account --log ./log --field User.age --since 2021-01-20 --until 2021-05-05
  leakproof ledger account --log ./log --principal anonymous --json
  leakproof ledger verify --log ./log              # exit 3 if a byte was changed
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

/** `leakproof ledger`: the account, and the proof that its log is whole. */
export const ledgerCommand: CliCommand = {
  name: 'ledger',
  register: (program, finish) => {
    const ledger = program.command('ledger').description('Counts whose data went to whom.').addHelpText('after', HELP);
    ledger
      .command('account')
      .description('Which fields of how many owners went to whom, allowed or forbidden.')
      .requiredOption('--log <directory>', 'the fact log')
      .option('--principal <token>', 'only what went to this principal, or to `anonymous`')
      .option('--field <field>', 'only this field: User.age, or age of every resource')
      .option('--operation <name>', 'only by this operation')
      .option('--server <name>', 'only by this server')
      .option('--since <time>', 'from this time on (ISO 8601)')
      .option('--until <time>', 'before this time')
      .option('--json', 'one JSON object')
      .action(async (options: AccountOptions) => finish(await account(options)));
    ledger
      .command('verify')
      .description('Checks the chain of the log: no byte changed, none missing.')
      .requiredOption('--log <directory>', 'the fact log')
      .option('--json', 'one JSON object')
      .action(async (options: { readonly log: string; readonly json?: true }) => finish(await verify(options)));
  },
};

async function account(options: AccountOptions): Promise<ExitCode> {
  const ledger = await import('@leakproof/ledger');
  const { principal, field, operation, server } = options;
  const filter: AccountFilter = {
    principal,
    field,
    operation,
    server,
    sinceMs: timeOf('--since', options.since),
    untilMs: timeOf('--until', options.until),
  };
  const result = ledger.account(options.log, filter);
  process.stdout.write(options.json ? `${JSON.stringify(ledger.accountJson(result))}\n` : table(result));
  return isWhole(result) ? EXIT.clean : EXIT.inconclusive;
}

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new LeakproofError('LP-USAGE', `${option} is a time such as 2021-05-05T12:00:00Z, not "${text}".`);
  return time;
}

/** Something went past or was lost that is in no figure: the account is a lower bound. */
function isWhole({ unread, gaps }: Account): boolean {
  return Object.values(unread).every((count) => count === 0) && Object.keys(gaps).length === 0;
}

function table(result: Account): string {
  const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
  const from =
    result.firstMs === undefined ? 'nothing yet' : `${clock(result.firstMs)} to ${clock(result.lastMs ?? 0)}`;
  const lines = [`${bold('Whose data went to whom')}  ${from}`, ''];
  for (const each of result.principals) lines.push(...principalLines(each, bold), '');
  if (!isWhole(result)) {
    lines.push(bold('Not in these figures'));
    const { factsNotRecorded, damaged, unknownRecords } = result.unread;
    for (const [code, count] of Object.entries(result.gaps)) lines.push(row(`  responses not judged: ${code}`, count));
    lines.push(
      row('  facts the log did not take', factsNotRecorded),
      row('  damaged stretches of the log', damaged),
      row('  records of another version', unknownRecords),
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}

function principalLines(each: PrincipalAccount, bold: (text: string) => string): string[] {
  const { principal, others, owners, responses, fields, operations, refusals } = each;
  const { complete, cutOff, unfinished } = responses;
  const lines = [
    bold(`${principal.kind} ${principal.token ?? ''}`.trimEnd()),
    `  data of ${others.size} others (${owners.size} owners with its own), ${clock(each.firstMs)} to ${clock(each.lastMs)}`,
    `  responses: ${complete} complete, ${cutOff} cut off, ${unfinished} without an end`,
    row('  field', 'allowed', 'forbidden', 'withheld', 'uncertain'),
    ...fields.map((field) => fieldRow(field)),
    row('  operation', 'owners', 'responses'),
    ...operations.map((operation) => {
      const sent = operation.responses;
      return row(
        `    ${operation.operation} (${operation.server})`,
        operation.owners.size,
        sent.complete + sent.cutOff + sent.unfinished,
      );
    }),
  ];
  const turnedAway = Object.entries(refusals);
  if (turnedAway.length > 0)
    lines.push(row('  turned away', 'times'), ...turnedAway.map(([code, count]) => row(`    ${code}`, count)));
  return lines;
}

function fieldRow({ resource, field, ownerKind, seen, exposed, withheld, uncertain }: FieldAccount): string {
  const forbidden =
    exposed.size > 0 ? styleText('red', String(exposed.size).padStart(10), { stream: process.stdout }) : exposed.size;
  return row(`    ${resource}.${field} of ${ownerKind}`, seen.size, forbidden, withheld.size, uncertain.size);
}

function row(first: string, ...rest: readonly (string | number)[]): string {
  return `${first.padEnd(44)}${rest.map((each) => String(each).padStart(10)).join('')}`;
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

async function verify(options: { readonly log: string; readonly json?: true }): Promise<ExitCode> {
  const { verifyLog } = await import('@leakproof/log');
  const report = verifyLog(options.log);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const ok = styleText(report.whole ? 'green' : 'red', report.whole ? 'whole' : 'broken', { stream: process.stdout });
    const lines = report.writers.map(
      (writer) =>
        `  ${writer.writer}: ${writer.facts} facts in ${writer.frames} frames, root ${writer.head?.root ?? 'none yet'}`,
    );
    const breaks = report.breaks.map(
      (each) => `  ${each.writer} segment ${each.segment} at ${each.offset}: ${each.why}`,
    );
    process.stdout.write(`The log is ${ok}.\n${[...lines, ...breaks].join('\n')}\n`);
  }
  return report.whole ? EXIT.clean : EXIT.inconclusive;
}
