import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../command.ts';
import { addHelp } from '../../help.ts';
import { paint, printMessage, untilStopped } from '../../terminal.ts';
import { addConfigOption, type DeskOptions, loadConfig, serveOptions } from './desk-options.ts';

const CONFIG = `leakproof: 1
name: Security desk
# database: postgres://desk@db.example.org/desk
reporter: { listen: 127.0.0.1:8790 }   # url: https://report.example.org
staff: { listen: 127.0.0.1:8791 }
policy: policy.md
calendar: { timeZone: UTC, holidays: [] }
promises: { answerBusinessDays: 3, assessDays: 7, hearDays: 14, deadlineDays: 90, extensionDays: 30 }
regimes: [gdpr-33]
# mail: { smtp: { env: DESK_SMTP }, from: security@example.org, maildir: /var/mail/security }
# webhooks: { secret: { file: webhook.key }, to: [{ url: https://chat.example.org/hook, kinds: [received, missed] }] }
# securityTxt: { hosts: [api.example.org], contact: ['mailto:security@example.org'] }
# channels: [{ name: mail, days: 3 }]
# retest: { contract: contract.yaml, identities: identities.yaml }
# ledger: { log: facts }
# publisher: { name: Example, namespace: https://example.org, contact: security@example.org, product: Example API }
`;

/** Adds `serve` and `init`. */
export function registerServe(desk: Command, finish: (code: ExitCode) => void): void {
  const serve = addConfigOption(
    desk.command('serve').description('Serves the pages of reporters and of the staff, and keeps every clock.'),
  ).action(async (options: DeskOptions) => finish(await runServe(options)));
  addHelp(serve, {
    exits: { 0: 'stopped by Ctrl-C or SIGTERM' },
    examples: ['leakproof desk serve', 'leakproof desk serve --config desk.yaml'],
  });
  const init = desk
    .command('init')
    .description('Writes desk.yaml and policy.md, with a safe harbor, to start from.')
    .option('--name <name>', 'what the program calls itself', 'Security desk')
    .option('--out <dir>', 'the directory to write to', '.')
    .action(async (options: InitOptions) => finish(await runInit(options)));
  addHelp(init, { exits: { 0: 'written' }, examples: ['leakproof desk init --name "Cadence security"'] });
}

async function runServe(options: DeskOptions): Promise<ExitCode> {
  const { serveDesk } = await import('@leakproof/desk');
  const config = await loadConfig(options);
  const running = await serveDesk(config, { ...(await serveOptions(config)), onProblem: printMessage });
  const lines = [
    `Reporters: ${running.reporterUrl}`,
    `Staff:     ${running.staffUrl}`,
    ...(running.firstKey === undefined ? [] : [`Staff key (shown only now): ${paint('bold', running.firstKey)}`]),
    'Stop it with Ctrl-C.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  await running.work();
  await untilStopped();
  await running.close();
  return EXIT.clean;
}

interface InitOptions {
  readonly name: string;
  readonly out: string;
}

async function runInit({ name, out }: InitOptions): Promise<ExitCode> {
  const { policyOf, policyText, readConfig } = await import('@leakproof/desk');
  const text = CONFIG.replace('name: Security desk', `name: ${JSON.stringify(name)}`);
  const config = readConfig(text);
  const files = [
    [join(out, 'desk.yaml'), text],
    [join(out, 'policy.md'), policyText(name, policyOf(config), 'the address of our form')],
  ] as const;
  for (const [file] of files) if (existsSync(file)) throw new LeakproofError('LP-USAGE', `${file} exists already.`);
  mkdirSync(out, { recursive: true });
  for (const [file, content] of files) {
    writeFileSync(file, content);
    process.stdout.write(`${file}\n`);
  }
  return EXIT.clean;
}
