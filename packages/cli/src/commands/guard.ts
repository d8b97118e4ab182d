import { type CompiledContract, decodeRecord, isLeakproofError, LeakproofError, type LogRecord } from '@leakproof/core';
import type { FindUpstream, Limits, Upstream } from '@leakproof/guard';
import type { LogFrame } from '@leakproof/log';
import { type CliCommand, collect, EXIT, type ExitCode } from '../command.ts';
import { loadContractFile } from '../contract-file.ts';
import { addHelp, type HelpPage } from '../help.ts';
import { followKeyFiles } from '../key-files.ts';
import { paintMessage, printMessage, untilStopped } from '../terminal.ts';

const RUN: HelpPage = {
  about: `
The API is not changed. In enforce mode the guard removes from responses what the contract does not allow, and releases nothing
before it is recorded in the log. In monitor mode it changes nothing, and records what it would have withheld.
`,
  exits: { 0: 'stopped by Ctrl-C or SIGTERM', 2: 'it cannot start: the contract or an option is wrong' },
  examples: [
    `leakproof guard run --contract contract.yaml --listen 127.0.0.1:8443 \\
  --upstream api.us.lab.test=127.0.0.1:7001 --upstream internal.us.lab.test=127.0.0.1:7002 --log facts`,
    `leakproof guard run --contract contract.json --listen 127.0.0.1:0 --upstream api.test=127.0.0.1:7001 --log facts \\
  --mode monitor`,
    'leakproof ledger account --log facts     # whose data went to whom',
  ],
};

interface RunOptions {
  readonly contract: string;
  readonly listen: string;
  readonly upstream: readonly string[];
  readonly log: string;
  readonly keyFile: string;
  readonly escrow?: string;
  readonly mode?: string;
  readonly strict?: true;
  readonly maxConnections?: string;
  readonly maxLongConnections?: string;
  readonly maxPerCaller?: string;
  readonly maxLongPerCaller?: string;
  readonly connectionWaitMs?: string;
  readonly drainMs?: string;
}

/** Limits that depend on the origin and the number of clients; the README of the guard has the others. */
const LIMITS = [
  'maxConnections',
  'maxLongConnections',
  'maxPerCaller',
  'maxLongPerCaller',
  'connectionWaitMs',
  'drainMs',
] as const satisfies readonly (keyof Limits & keyof RunOptions)[];

/** `leakproof guard`: the reverse proxy that enforces a contract. */
export const guardCommand: CliCommand = {
  name: 'guard',
  register: (program, finish) => {
    const guard = program
      .command('guard')
      .description('Runs in front of an API and withholds what the contract does not allow.');
    addHelp(guard, RUN);
    const runVerb = guard
      .command('run')
      .description('Runs the guard as a reverse proxy until it is stopped.')
      .requiredOption('--contract <file>', 'the contract: YAML, or the JSON of `contract build`')
      .requiredOption('--listen <address:port>', 'the address for clients; port 0 is any free port')
      .requiredOption('--upstream <host=address:port>', 'the address of a host of the contract (repeat)', collect, [])
      .requiredOption('--log <directory>', 'the fact log')
      .option('--key-file <file>', 'the key of owner tokens; created at first use', 'leakproof.key')
      .option('--escrow <directory>', 'seals the id of each token there (`ledger escrow` creates it)')
      .option('--mode <mode>', 'monitor or enforce; overrides the contract')
      .option('--strict', 'release data only when its record is on the disk, not just with the operating system')
      .option('--max-connections <n>', 'most connections to one origin for requests that end soon (64)')
      .option('--max-long-connections <n>', 'most connections for streams, slow clients and a slow origin (256)')
      .option('--max-per-caller <n>', 'most connections of one principal or address that end soon (32)')
      .option('--max-long-per-caller <n>', 'most connections of one principal or address that do not (16)')
      .option('--connection-wait-ms <ms>', 'longest wait for a connection to the origin, then 503 (5000)')
      .option('--drain-ms <ms>', 'how long open requests may go on after Ctrl-C or SIGTERM (10000)')
      .action(async (options: RunOptions) => finish(await run(options)));
    addHelp(runVerb, RUN);
  },
};

async function run(options: RunOptions): Promise<ExitCode> {
  const { mode } = options;
  if (mode !== undefined && mode !== 'monitor' && mode !== 'enforce')
    throw new LeakproofError('LP-USAGE', `--mode needs monitor or enforce, not "${mode}".`);
  const listen = addressOf(options.listen, '--listen');
  const limits = limitsOf(options);
  const upstreams = upstreamsOf(options.upstream);
  const { contract, digest } = await loadContractFile(options.contract);
  const { startGuard, tuneGarbageCollector } = await import('@leakproof/guard');
  const { openEscrow, tokenizer, tokenKey } = await import('@leakproof/tokens');
  const { openLog, poolDisk, readLog, turnDisk } = await import('@leakproof/log');
  tuneGarbageCollector();
  const key = tokenKey(options.keyFile, options.log);
  const escrow = options.escrow === undefined ? undefined : openEscrow(options.escrow);
  const tokenize = tokenizer(key, escrow && ((owner, token) => escrow.add(owner, token)));
  const log = openLog({
    directory: options.log,
    now: Date.now,
    sync: options.strict ? 'strict' : 'within',
    // In monitor mode a disk that hangs must not delay responses.
    disk: (mode ?? contract.mode) === 'monitor' ? poolDisk : turnDisk,
    onTrouble: (trouble) => printMessage(`${paintMessage('red', 'log')} ${JSON.stringify(trouble)}`),
  });
  const say = (about: string, text: string): void => printMessage(`${paintMessage('yellow', about)} ${text}`);
  const keyFiles = followKeyFiles(contract, options.contract, (text) => say('keys', text));
  try {
    const running = await startGuard({
      contract,
      contractDigest: digest,
      mode,
      listen,
      upstreams,
      limits,
      log,
      onNotice: ({ about, text }) => say(about, text),
      keysOf: keyFiles.keysOf,
      recent: recordsSince(readLog(options.log), Date.now() - longestWindowMs(contract)),
      tokenize,
      now: Date.now,
    });
    process.stdout.write(`http://${running.host}:${running.port}\n`);
    printMessage(`${paintMessage('bold', mode ?? contract.mode)}: contract ${digest.slice(0, 12)}. Stop with Ctrl-C.`);
    await untilStopped();
    await running.close();
    printMessage(JSON.stringify(running.counts));
  } finally {
    keyFiles.close();
    await log.close();
    escrow?.close();
  }
  return EXIT.clean;
}

function longestWindowMs({ budgets }: CompiledContract): number {
  return Math.max(0, ...budgets.map((budget) => budget.withinMs));
}

/** The records since then, for budgets. Records of another version are skipped; `ledger account` counts them. */
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

function limitsOf(options: RunOptions): Partial<Limits> {
  const limits: Partial<Record<keyof Limits, number>> = {};
  for (const name of LIMITS) {
    const text = options[name];
    if (text === undefined) continue;
    if (!/^[1-9][0-9]{0,8}$/.test(text)) {
      const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      throw new LeakproofError('LP-USAGE', `${option} needs a whole number above 0, not "${text}".`);
    }
    limits[name] = Number(text);
  }
  return limits;
}

function upstreamsOf(entries: readonly string[]): FindUpstream {
  const addresses = new Map<string, Upstream>();
  for (const each of entries) {
    const equals = each.indexOf('=');
    if (equals < 1) throw new LeakproofError('LP-USAGE', `--upstream needs HOST=ADDRESS:PORT, not "${each}".`);
    addresses.set(each.slice(0, equals).toLowerCase(), addressOf(each.slice(equals + 1), '--upstream'));
  }
  return (authority) => addresses.get(authority);
}

function addressOf(text: string, option: string): Upstream {
  const [, host = '', port = ''] = /^(?:\[?([^\]]+)\]?):([0-9]{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535)
    throw new LeakproofError('LP-USAGE', `${option} needs ADDRESS:PORT, not "${text}".`);
  return { host, port: Number(port) };
}
