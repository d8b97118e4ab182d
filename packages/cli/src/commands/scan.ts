import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { LeakproofError } from '@leakproof/core';
import type { ScanEvent, ScanOptions, ScanResult } from '@leakproof/scan';
import type { CliCommand, ExitCode } from '../command.ts';
import { loadContractFile } from '../contract-file.ts';

const HELP = `
Asks every operation that reads, on every door of the contract, as nobody and as each of your identities, and decides by whose
value reached whom. Servers that are not this machine are refused unless you say that you may test them.

Exit codes: 0 clean, 1 proven findings, 2 usage, 3 inconclusive or an identity that is dead, 130 interrupted.

Examples:
  leakproof lab up --port 8080
  leakproof scan --contract examples/cadence/contract.yaml --identities examples/cadence/identities.yaml \\
    --resolve api.us.lab.test:80:127.0.0.1:8080 --resolve gql.us.lab.test:80:127.0.0.1:8080 \\
    --resolve api.uk.lab.test:80:127.0.0.1:8080 --resolve gql.uk.lab.test:80:127.0.0.1:8080 --out scan
  leakproof replay scan/proofs/01-*.json --contract examples/cadence/contract.yaml --identities examples/cadence/identities.yaml
`;

/** Options of everything that sends requests. */
export interface TargetOptions {
  readonly contract: string;
  readonly identities: string;
  readonly resolve: readonly string[];
  readonly authorizedTarget?: true;
  readonly json?: true;
}

interface ScanCliOptions extends TargetOptions {
  readonly out?: string;
}

export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `leakproof scan`: proves what the contract does not mean. */
export const scanCommand: CliCommand = {
  name: 'scan',
  register: (program, finish) => {
    program
      .command('scan')
      .description('Asks a running API who can see whose what, and proves every leak twice.')
      .requiredOption('--contract <file>', 'the exposure contract')
      .requiredOption('--identities <file>', 'whose credentials to use, and where they are')
      .option('--resolve <host:port:address[:port]>', 'connect there for this host, as curl does', collect, [])
      .option('--authorized-target', 'you may test these servers although they are not this machine')
      .option('--out <dir>', 'write report.json and a proof for each finding here')
      .option('--json', 'the report as JSON on stdout')
      .addHelpText('after', HELP)
      .action(async (options: ScanCliOptions) => finish(await runScan(options)));
  },
};

async function runScan(options: ScanCliOptions): Promise<ExitCode> {
  const { exitOf, scan, textReport } = await import('@leakproof/scan');
  const scanning = await scanOptions(options);
  const result = await untilInterrupted((signal) => scan({ ...scanning, signal, onEvent: showProgress }));
  if (options.out !== undefined) writeResult(options.out, result);
  if (options.json) process.stdout.write(`${JSON.stringify(reportOf(result))}\n`);
  else process.stdout.write(textReport(result, paint));
  return exitOf(result);
}

/** The scan's view of the command line. Throws LP-CONTRACT-INVALID, LP-IDENTITIES-INVALID, LP-FILE-UNREADABLE, LP-USAGE. */
export async function scanOptions(options: TargetOptions): Promise<ScanOptions> {
  const { readIdentities, readResolve, secretsBeside } = await import('@leakproof/scan');
  const { contract } = await loadContractFile(options.contract);
  return {
    contract,
    identities: readIdentities(readText(options.identities), contract, options.identities),
    readSecret: secretsBeside(options.identities, process.env),
    resolve: readResolve(options.resolve),
    authorizedTarget: options.authorizedTarget ?? false,
  };
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new LeakproofError('LP-FILE-UNREADABLE', `${path} could not be read (${why}).`, { cause });
  }
}

export const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout });

/** Runs with a signal that Ctrl-C aborts; a second Ctrl-C ends the process as it would have. */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once('SIGINT', stop);
  try {
    return await run(interrupt.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}

export function showProgress(event: ScanEvent): void {
  const line = progressOf(event);
  if (line === undefined) return;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}${event.type === 'finished' ? '\n' : ''}`);
  else if (event.type !== 'tried' || event.done === event.of) process.stderr.write(`${line}\n`);
}

function progressOf(event: ScanEvent): string | undefined {
  switch (event.type) {
    case 'planned':
      return `${event.endpoints} doors`;
    case 'identities':
      return `${event.names.length} identities are alive and distinct`;
    case 'harvested':
      return `${event.identity} reaches its own objects through ${event.endpoints} doors`;
    case 'tried':
      return `${event.done}/${event.of} ${event.attacker} at ${event.endpoint}`;
    case 'replayed':
      return `${event.attacker}: ${event.requests} requests replayed with a fresh login`;
    case 'finished':
      return `${event.result.requests} requests in ${event.result.seconds.toFixed(1)} s`;
    case 'finding':
      return undefined;
  }
}

/** The result without what is written elsewhere: proofs have files of their own, and cells stand once. */
function reportOf({ proofs: _proofs, findings, ...report }: ScanResult): object {
  return { ...report, findings: findings.map(({ cells: _cells, ...finding }) => finding) };
}

function writeResult(directory: string, result: ScanResult): void {
  mkdirSync(join(directory, 'proofs'), { recursive: true });
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(reportOf(result), null, 1)}\n`);
  result.proofs.forEach((proof, index) => {
    const name = `${String(index + 1).padStart(2, '0')}-${proof.finding.id.replaceAll(/[^A-Za-z0-9]+/g, '-')}.json`;
    writeFileSync(join(directory, 'proofs', name), `${JSON.stringify(proof, null, 1)}\n`);
  });
}
