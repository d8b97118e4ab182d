import { once } from 'node:events';
import { styleText } from 'node:util';
import { type CompiledContract, decodeRecord, isLeakproofError, LeakproofError, type LogRecord } from '@leakproof/core';
import type { FindUpstream, Upstream } from '@leakproof/guard';
import type { LogFrame } from '@leakproof/log';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { loadContractFile } from '../contract-file.ts';

const HELP = `
The guard stands before an API that stays as it is, and cuts out of its answers what the contract does not allow. Nothing is
released that the log does not have. In monitor it changes nothing, and records what it would have withheld.

Examples:
  leakproof guard run --contract contract.yaml --listen 127.0.0.1:8443 \\
    --upstream api.us.lab.test=127.0.0.1:7001 --upstream internal.us.lab.test=127.0.0.1:7002 --log ./log
  leakproof guard run --contract contract.json --listen 127.0.0.1:0 --upstream api.test=127.0.0.1:7001 --log ./log --mode monitor
  leakproof ledger account --log ./log             # whose data went to whom
`;

interface RunOptions {
  readonly contract: string;
  readonly listen: string;
  readonly upstream: readonly string[];
  readonly log: string;
  readonly keyFile: string;
  readonly mode?: string;
  readonly strict?: true;
}

/** `leakproof guard`: the sealing reverse proxy. */
export const guardCommand: CliCommand = {
  name: 'guard',
  register: (program, finish) => {
    const guard = program
      .command('guard')
      .description('Seals an API in line: nothing leaves that the contract does not allow.')
      .addHelpText('after', HELP);
    guard
      .command('run')
      .description('Runs the guard as a reverse proxy until it is stopped.')
      .requiredOption('--contract <file>', 'the contract: YAML, or the JSON of `contract build`')
      .requiredOption('--listen <address:port>', 'where clients connect; port 0 takes a free one')
      .requiredOption('--upstream <host=address:port>', 'where a host of the contract really is (repeat)', collect, [])
      .requiredOption('--log <directory>', 'the fact log')
      .option('--key-file <file>', 'key that makes owners into tokens; made at first use', 'leakproof.key')
      .option('--mode <mode>', 'monitor or enforce, in the place of what the contract says')
      .option('--strict', 'release only what is on the disk, not just with the operating system')
      .action(async (options: RunOptions) => finish(await run(options)));
  },
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function run(options: RunOptions): Promise<ExitCode> {
  const { mode } = options;
  if (mode !== undefined && mode !== 'monitor' && mode !== 'enforce')
    throw new LeakproofError('LP-USAGE', `--mode is monitor or enforce, not "${mode}".`);
  const listen = addressOf(options.listen, '--listen');
  const upstreams = upstreamsOf(options.upstream);
  const { contract, digest } = await loadContractFile(options.contract);
  const { startGuard, tuneGarbageCollector } = await import('@leakproof/guard');
  const { tokenizer, tokenKey } = await import('@leakproof/tokens');
  const { openLog, poolDisk, readLog, turnDisk } = await import('@leakproof/log');
  tuneGarbageCollector();
  const tokenize = tokenizer(tokenKey(options.keyFile));
  const say = (text: string): boolean => process.stderr.write(`${text}\n`);
  const log = openLog({
    directory: options.log,
    now: Date.now,
    sync: options.strict ? 'strict' : 'within',
    // A disk that hangs must not hold what is only watched.
    disk: (mode ?? contract.mode) === 'monitor' ? poolDisk : turnDisk,
    onTrouble: (trouble) => say(`${styleText('red', 'log', { stream: process.stderr })} ${JSON.stringify(trouble)}`),
  });
  try {
    const running = await startGuard({
      contract,
      contractDigest: digest,
      mode,
      listen,
      upstreams,
      log,
      recent: recordsSince(readLog(options.log), Date.now() - longestWindowMs(contract)),
      tokenize,
      now: Date.now,
    });
    process.stdout.write(`http://${running.host}:${running.port}\n`);
    say(
      `${styleText('bold', mode ?? contract.mode, { stream: process.stderr })}: contract ${digest.slice(0, 12)}. Stop with Ctrl-C.`,
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await running.close();
    say(JSON.stringify(running.counts));
  } finally {
    await log.close();
  }
  return EXIT.clean;
}

function longestWindowMs({ budgets }: CompiledContract): number {
  return Math.max(0, ...budgets.map((budget) => budget.withinMs));
}

/** What was recorded since then; records of another version count for nothing here, and are named by `ledger account`. */
function* recordsSince(frames: Iterable<LogFrame>, sinceMs: number): Generator<LogRecord> {
  for (const frame of frames) {
    if (frame.kind !== 'facts' || frame.time < sinceMs) continue;
    try {
      yield decodeRecord(frame.payload);
    } catch (error) {
      if (!isLeakproofError(error)) throw error;
    }
  }
}

function upstreamsOf(given: readonly string[]): FindUpstream {
  const addresses = new Map<string, Upstream>();
  for (const each of given) {
    const mark = each.indexOf('=');
    if (mark < 1) throw new LeakproofError('LP-USAGE', `--upstream is HOST=ADDRESS:PORT, not "${each}".`);
    addresses.set(each.slice(0, mark).toLowerCase(), addressOf(each.slice(mark + 1), '--upstream'));
  }
  return (authority) => addresses.get(authority);
}

function addressOf(text: string, option: string): Upstream {
  const [, host = '', port = ''] = /^(?:\[?([^\]]+)\]?):([0-9]{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535)
    throw new LeakproofError('LP-USAGE', `${option} needs ADDRESS:PORT, not "${text}".`);
  return { host, port: Number(port) };
}
