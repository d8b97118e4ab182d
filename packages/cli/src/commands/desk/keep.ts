import { LeakproofError } from '@leakproof/core';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../command.ts';
import { addHelp } from '../../help.ts';
import { paint } from '../../terminal.ts';
import { addConfigOption, type DeskOptions, loadConfig, withDesk } from './desk-options.ts';

/** Adds the verbs about staff and about the database. */
export function registerKeep(desk: Command, finish: (code: ExitCode) => void): void {
  const staff = desk.command('staff').description('Adds, removes and lists members of the staff.');
  addHelp(staff, {
    exits: { 0: 'done' },
    examples: ['leakproof desk staff add ann --role assignee --mail ann@example.org', 'leakproof desk staff list'],
  });
  const add = addConfigOption(
    staff.command('add').description('Adds a member, or gives one a new key, and prints the key once.'),
  )
    .argument('<name>', 'a name that reporters see')
    .option('--role <role>', 'assignee, lead or executive: which step of an escalation alerts them', 'assignee')
    .option('--mail <address>', 'where alerts go')
    .action(async (name: string, options: StaffOptions) => finish(await addStaff(name, options)));
  addHelp(add, {
    exits: { 0: 'added' },
    examples: ['leakproof desk staff add ann --role lead --mail ann@example.org'],
  });
  const remove = addConfigOption(staff.command('remove').description('Removes a member and ends their sessions.'))
    .argument('<name>', 'a name')
    .action(async (name: string, options: DeskOptions) =>
      finish(
        await withDesk(options, async (opened) => {
          await opened.desk.context.store.rows.removeStaff(name);
          return EXIT.clean;
        }),
      ),
    );
  addHelp(remove, { exits: { 0: 'removed' }, examples: ['leakproof desk staff remove ann'] });
  const list = addConfigOption(staff.command('list').description('Lists the members.')).action(
    async (options: DeskOptions) =>
      finish(
        await withDesk(options, async (opened) => {
          for (const { name, role, mail } of await opened.desk.context.store.rows.staff())
            process.stdout.write(`${name}  ${role}  ${mail ?? ''}\n`);
          return EXIT.clean;
        }),
      ),
  );
  addHelp(list, { exits: { 0: 'printed' }, examples: ['leakproof desk staff list'] });

  const backup = addConfigOption(
    desk.command('backup').description('Writes every row to a new file, while the desk is in use.'),
  )
    .argument('<file>', 'a new file')
    .action(async (file: string, options: DeskOptions) => finish(await copy('backup', file, options)));
  addHelp(backup, { exits: { 0: 'written' }, examples: ['leakproof desk backup desk-2026-03-01.backup'] });
  const restore = addConfigOption(
    desk.command('restore').description('Reads a backup into an empty database, of either kind.'),
  )
    .argument('<file>', 'a file of `desk backup`')
    .action(async (file: string, options: DeskOptions) => finish(await copy('restore', file, options)));
  addHelp(restore, {
    exits: { 0: 'restored' },
    examples: ['leakproof desk restore desk-2026-03-01.backup --config new.yaml'],
  });
}

interface StaffOptions extends DeskOptions {
  readonly role: string;
  readonly mail?: string;
}

async function addStaff(name: string, { role, mail, ...options }: StaffOptions): Promise<ExitCode> {
  const { keyHash, newKey, ROLES } = await import('@leakproof/desk');
  if (!ROLES.some((each) => each === role))
    throw new LeakproofError('LP-USAGE', `--role is one of ${ROLES.join(', ')}.`);
  return withDesk(options, async ({ desk }) => {
    const key = newKey();
    await desk.context.store.rows.putStaff({ name, role, keyHash: keyHash(key), mail: mail ?? null });
    process.stdout.write(`Key of ${name} (shown only now): ${paint('bold', key)}\n`);
    return EXIT.clean;
  });
}

async function copy(what: 'backup' | 'restore', file: string, options: DeskOptions): Promise<ExitCode> {
  const { backupDesk, restoreDesk } = await import('@leakproof/desk');
  const { database } = await loadConfig(options);
  const rows = await (what === 'backup' ? backupDesk : restoreDesk)(database, file);
  process.stdout.write(`${rows} rows ${what === 'backup' ? 'written to' : 'restored from'} ${file}\n`);
  return EXIT.clean;
}
