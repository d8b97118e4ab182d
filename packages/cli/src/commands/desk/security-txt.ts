import { writeFileSync } from 'node:fs';
import { LeakproofError } from '@leakproof/core';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../command.ts';
import { addHelp, type HelpPage } from '../../help.ts';
import { paint } from '../../terminal.ts';
import { addConfigOption, type DeskOptions, loadConfig } from './desk-options.ts';

const GEN: HelpPage = { exits: { 0: 'printed' }, examples: ['leakproof desk securitytxt gen api.example.org'] };
const SIGN: HelpPage = {
  exits: { 0: 'signed' },
  examples: ['leakproof desk securitytxt sign api.example.org --key security@example.org --out api.example.org.txt'],
};
const CHECK: HelpPage = {
  exits: { 0: 'every host has a valid one', 1: 'a host has none, or one with an error' },
  examples: ['leakproof desk securitytxt check', 'leakproof desk securitytxt check --contract contract.yaml'],
};

/** Adds `securitytxt` with its verbs. */
export function registerSecurityTxt(desk: Command, finish: (code: ExitCode) => void): void {
  const group = desk
    .command('securitytxt')
    .description('Writes, signs and checks security.txt (RFC 9116), one for each exact host.');
  addHelp(group, { exits: CHECK.exits, examples: [GEN, SIGN, CHECK].flatMap(({ examples }) => examples) });
  const gen = addConfigOption(
    group.command('gen').description('Prints the security.txt of a host of the configuration.'),
  )
    .argument('<host>', 'an exact host')
    .action(async (host: string, options: DeskOptions) => {
      process.stdout.write(await textFor(host, options));
      finish(EXIT.clean);
    });
  addHelp(gen, GEN);
  const sign = addConfigOption(
    group.command('sign').description('Signs the security.txt of a host with the local gpg.'),
  )
    .argument('<host>', 'an exact host')
    .option('--key <id>', "the key; default: gpg's own")
    .requiredOption('--out <file>', 'where to write it')
    .action(async (host: string, options: DeskOptions & { readonly key?: string; readonly out: string }) => {
      const { signSecurityTxt } = await import('@leakproof/desk');
      writeFileSync(options.out, await signSecurityTxt(await textFor(host, options), { key: options.key }));
      finish(EXIT.clean);
    });
  addHelp(sign, SIGN);
  const check = addConfigOption(
    group.command('check').description('Reads the security.txt of hosts over https and checks it.'),
  )
    .argument('[hosts...]', 'exact hosts; default: those of the configuration')
    .option('--contract <file>', 'every host of the servers of this contract too')
    .action(async (hosts: readonly string[], options: CheckOptions) => finish(await checkHosts(hosts, options)));
  addHelp(check, CHECK);
}

async function textFor(host: string, options: DeskOptions): Promise<string> {
  const { securityTxtFor } = await import('@leakproof/desk');
  const config = await loadConfig(options);
  const reporterUrl = config.reporter.url ?? `http://${config.reporter.listen}`;
  const text = securityTxtFor(config, host, { nowMs: Date.now(), reporterUrl });
  if (text === undefined)
    throw new LeakproofError('LP-SECURITY-TXT-INVALID', `securityTxt.hosts does not have ${host}.`);
  return text;
}

interface CheckOptions extends DeskOptions {
  readonly contract?: string;
}

/** The exact hosts of a contract's servers: each needs a security.txt of its own. */
async function hostsOf(path: string): Promise<readonly string[]> {
  const { loadContractFile } = await import('../../contract-file.ts');
  const { contract } = await loadContractFile(path);
  const endpoints = Object.values(contract.servers).flatMap((server) => Object.values(server.endpoints));
  return [...new Set(endpoints.map(({ authority }) => authority.replace(/:(?:80|443)$/, '')))];
}

async function checkHosts(args: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { checkHost } = await import('@leakproof/desk');
  const named = options.contract === undefined ? args : [...args, ...(await hostsOf(options.contract))];
  const hosts = named.length > 0 ? named : ((await loadConfig(options)).securityTxt?.hosts ?? []);
  if (hosts.length === 0)
    throw new LeakproofError('LP-USAGE', 'Name a host, or securityTxt.hosts in the configuration.');
  let isWrong = false;
  for (const host of hosts) {
    const { issues } = await checkHost(host, { nowMs: Date.now() });
    const errors = issues.filter(({ level }) => level === 'error');
    isWrong ||= errors.length > 0;
    process.stdout.write(`${host}: ${errors.length > 0 ? paint('red', `${errors.length} errors`) : 'valid'}\n`);
    for (const { code, level, message, line } of issues)
      process.stdout.write(`  ${level} ${code}${line === undefined ? '' : ` (line ${line})`}: ${message}\n`);
  }
  return isWrong ? EXIT.findings : EXIT.clean;
}
