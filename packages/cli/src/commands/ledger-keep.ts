import type { KeyObject } from 'node:crypto';
import { LeakproofError } from '@leakproof/core';
import type { Note } from '@leakproof/ledger';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../command.ts';
import { addHelp } from '../help.ts';
import { printMessage } from '../terminal.ts';

interface Ledger {
  readonly log: string;
}
interface Person extends Ledger {
  readonly owner?: string;
  readonly id?: string;
  readonly keyFile: string;
}
interface EscrowKey {
  readonly escrow: string;
  readonly escrowKey: string;
  readonly secondKey?: string;
}

const EXITS = { 0: 'done', 2: 'the command line or a key is wrong, or another process changes the ledger' };
const DAY_MS = 24 * 3_600_000;

/** The verbs that keep a ledger: retention, holds, marks, and the identity of people. */
export function registerKeeping(ledger: Command, finish: (code: ExitCode) => void): void {
  const verb = (name: string, description: string): Command =>
    ledger.command(name).description(description).requiredOption('--log <directory>', 'the fact log');
  addHelp(
    verb('hold', 'Keeps the records of some days: retention and erasure wait.')
      .argument('<name>')
      .argument('<days...>', 'first and last day: 2021-01-20 2021-05-05')
      .action(async (name: string, days: readonly string[], { log }: Ledger) => {
        const [fromDay, toDay] = [dayOf(days[0]), dayOf(days[1])];
        finish(await addNote(log, { do: 'hold', name, fromDay, toDay }));
      }),
    { exits: EXITS, examples: ['leakproof ledger hold incident-7 2021-01-20 2021-05-05 --log facts'] },
  );
  addHelp(
    verb('release', 'Ends a hold.')
      .argument('<name>')
      .action(async (name: string, { log }: Ledger) => finish(await addNote(log, { do: 'release', name }))),
    { exits: EXITS, examples: ['leakproof ledger release incident-7 --log facts'] },
  );
  addHelp(
    verb('mark', 'Marks a principal as the reporter or the scanner: accounts leave out its records, and count them.')
      .argument('<principal>', 'its token')
      .requiredOption('--as <kind>', 'reporter or scanner')
      .action(async (principal: string, { log, as }: Ledger & { readonly as: string }) => {
        if (as !== 'reporter' && as !== 'scanner')
          throw new LeakproofError('LP-USAGE', `--as needs reporter or scanner, not "${as}".`);
        finish(await addNote(log, { do: 'mark', principal, as }));
      }),
    { exits: EXITS, examples: ['leakproof ledger mark 5f0c3a9be1d27784 --as scanner --log facts'] },
  );
  addHelp(
    verb('expire', 'Removes the columns of days that are older than the retention, except those on hold.')
      .option('--days <count>', 'how long records are kept', '365')
      .action(async (options: Ledger & { readonly days: string }) => finish(await expireDays(options))),
    { exits: { ...EXITS, 3: 'a hold keeps some of the days' }, examples: ['leakproof ledger expire --log facts'] },
  );
  registerIdentity(ledger, verb, finish);
}

function registerIdentity(
  ledger: Command,
  verb: (name: string, description: string) => Command,
  finish: (code: ExitCode) => void,
): void {
  const withEscrow = (command: Command): Command =>
    command
      .requiredOption('--escrow <directory>', 'the escrow')
      .requiredOption('--escrow-key <file>', 'its private key')
      .option('--second-key <file>', 'the other half of the key, if there is one');
  addHelp(
    withEscrow(
      ledger.command('escrow').description('Creates an escrow: token to id, sealed for a private key.'),
    ).action(async (options: EscrowKey) => {
      const { createEscrowKey } = await import('@leakproof/tokens');
      createEscrowKey(options.escrow, { file: options.escrowKey, secondFile: options.secondKey });
      printMessage('Keep the private key away from the guard and the log. Nobody can restore it.');
      finish(EXIT.clean);
    }),
    { exits: EXITS, examples: ['leakproof ledger escrow --escrow sealed --escrow-key dpo.key --second-key legal.key'] },
  );
  addHelp(
    withEscrow(verb('reveal', 'Shows whose token it is. The use is recorded, with the reason.'))
      .argument('<token>')
      .requiredOption('--reason <text>', 'why; without personal data')
      .action(async (token: string, options: Ledger & EscrowKey & { readonly reason: string }) =>
        finish(await revealToken(token, options)),
      ),
    {
      exits: { ...EXITS, 3: 'the escrow has no such token' },
      examples: [
        'leakproof ledger reveal 5f0c3a9be1d27784 --reason "article 34" --log facts --escrow sealed --escrow-key dpo.key',
      ],
    },
  );
  addHelp(
    verb('erase', 'Erases a person from the columns and the escrow.')
      .option('--owner <token>', 'its token, as the log has it')
      .option('--id <kind:space:id>', 'its id; the token is computed')
      .option('--key-file <file>', 'the key of the tokens', 'leakproof.key')
      .option('--escrow <directory>', 'the escrow')
      .action(async (options: Person & { readonly escrow?: string }) => finish(await erase(options))),
    {
      exits: { ...EXITS, 3: 'records are on hold, or in a segment that is still written' },
      examples: ['leakproof ledger erase --id person:us:7 --log facts --escrow sealed'],
    },
  );
  addHelp(
    withEscrow(
      verb('rotate', 'Replaces the tokens of an old key by those of a new one. Restart the guard with it first.'),
    )
      .requiredOption('--old-key <file>', 'the old key of the tokens')
      .requiredOption('--new-key <file>', 'the new one')
      .action(async (options: Ledger & EscrowKey & { readonly oldKey: string; readonly newKey: string }) =>
        finish(await rotate(options)),
      ),
    {
      exits: { ...EXITS, 3: 'not ended: records with old tokens are still in the log, or have no entry in the escrow' },
      examples: [
        'leakproof ledger rotate --log facts --old-key a.key --new-key b.key --escrow sealed --escrow-key dpo.key',
      ],
    },
  );
}

function dayOf(text = ''): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new LeakproofError('LP-USAGE', `A hold needs a first and a last day such as 2021-05-05, not "${text}".`);
}

/** The token of `--owner`, or computed from `--id`. */
export async function tokenOf({ owner, id, keyFile, log }: Person): Promise<string | undefined> {
  if (id === undefined) return owner;
  const [, kind, space, rest] = /^([^:]+):([^:]*):(.+)$/s.exec(id) ?? [];
  if (kind === undefined || space === undefined || rest === undefined)
    throw new LeakproofError('LP-USAGE', '--id needs KIND:SPACE:ID, such as person:us:7.');
  const { tokenizer, tokenKey } = await import('@leakproof/tokens');
  const { existsSync } = await import('node:fs');
  if (!existsSync(keyFile)) throw new LeakproofError('LP-TOKEN-KEY', `There is no key file ${keyFile}.`);
  return tokenizer(tokenKey(keyFile, log))({ kind, space, id: rest });
}

async function addNote(log: string, entry: Note): Promise<ExitCode> {
  const { note } = await import('@leakproof/ledger');
  note(log, entry, Date.now());
  return EXIT.clean;
}

async function expireDays({ log, days }: Ledger & { readonly days: string }): Promise<ExitCode> {
  if (!/^\d{1,5}$/.test(days)) throw new LeakproofError('LP-USAGE', `--days needs a count, not "${days}".`);
  const { expire } = await import('@leakproof/ledger');
  const nowMs = Date.now();
  const report = expire(log, new Date(nowMs - Number(days) * DAY_MS).toISOString().slice(0, 10), nowMs);
  process.stdout.write(`${report.days} days with ${report.rows} facts removed\n`);
  for (const { day, hold } of report.held) process.stdout.write(`${day}: kept by the hold "${hold}"\n`);
  return report.held.length > 0 ? EXIT.inconclusive : EXIT.clean;
}

async function revealToken(
  token: string,
  { log, reason, ...options }: Ledger & EscrowKey & { readonly reason: string },
): Promise<ExitCode> {
  const { reveal } = await import('@leakproof/ledger');
  const key = await escrowKey(options);
  const found = reveal(log, { token, reason, escrow: options.escrow, key, nowMs: Date.now() });
  for (const { kind, space, id } of found) process.stdout.write(`${kind}:${space}:${id}\n`);
  return found.length > 0 ? EXIT.clean : EXIT.inconclusive;
}

async function escrowKey({ escrow, escrowKey: file, secondKey }: EscrowKey): Promise<KeyObject> {
  const { readEscrowKey } = await import('@leakproof/tokens');
  return readEscrowKey(escrow, { file, secondFile: secondKey });
}

async function erase(options: Person & { readonly escrow?: string }): Promise<ExitCode> {
  const token = await tokenOf(options);
  if (token === undefined) throw new LeakproofError('LP-USAGE', 'Who? Name --id or --owner.');
  const { erasePerson } = await import('@leakproof/ledger');
  const done = await erasePerson(options.log, { token, escrow: options.escrow, nowMs: Date.now() });
  const lines = [`${done.rows} records in ${done.files} files and ${done.sealed} entries of the escrow erased`];
  if (done.pending > 0)
    lines.push(`${done.pending} records are in segments of the log that a writer continues: run this again later`);
  for (const { what, time } of done.exports)
    lines.push(`not erased, and not known: the copy ${what}, exported ${new Date(time).toISOString()}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  return done.pending > 0 ? EXIT.inconclusive : EXIT.clean;
}

async function rotate(
  options: Ledger & EscrowKey & { readonly oldKey: string; readonly newKey: string },
): Promise<ExitCode> {
  const { rotateKey } = await import('@leakproof/ledger');
  const { tokenKey } = await import('@leakproof/tokens');
  const [oldKey, newKey] = [tokenKey(options.oldKey, options.log), tokenKey(options.newKey, options.log)];
  const key = await escrowKey(options);
  const done = await rotateKey(options.log, { oldKey, newKey, escrow: options.escrow, key, nowMs: Date.now() });
  const end = done.ended
    ? 'The rotation has ended'
    : `${done.pending} records of the log have old tokens: run this again`;
  process.stdout.write(`${done.rows} records in ${done.files} files have new tokens. ${end}.\n`);
  if (done.unmapped > 0) process.stdout.write(`${done.unmapped} tokens have no entry in the escrow and stay.\n`);
  return done.ended && done.unmapped === 0 ? EXIT.clean : EXIT.inconclusive;
}
