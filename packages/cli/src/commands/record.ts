import { LeakproofError } from '@leakproof/core';
import type { RecordingWriter } from '@leakproof/sources';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { addHelp, type HelpPage } from '../help.ts';
import { readText } from '../read-file.ts';
import { printMessage, untilStopped } from '../terminal.ts';

const HELP: HelpPage = {
  about: `
Starts a proxy on this machine only. Configure it in a browser profile or a test phone, log in as usual (including SSO and MFA)
and use the application. Only the given hosts are recorded; traffic to others passes unopened.

A recording contains personal data and credentials. It is encrypted (AES-256-GCM) and refused after its expiry date. The key is
the passphrase in LEAKPROOF_PASSPHRASE, or a key file next to the recording.
`,
  exits: { 0: 'exchanges were recorded', 3: 'no exchange was recorded' },
  examples: [
    'leakproof record --as alice --host api.example.org --https-intercept api.example.org --out alice.rec',
    "leakproof record --as alice --host '*.us.lab.test' --resolve api.us.lab.test:80:127.0.0.1:8080 --out alice.rec",
    'leakproof record --as alice --host api.example.org --shapes-only --days 1 --out shapes.rec',
    'leakproof map inventory alice.rec openapi.yaml',
    'adb reverse tcp:8899 tcp:8899     # an Android phone on USB can use the proxy 127.0.0.1:8899',
  ],
};

interface RecordOptions {
  readonly as: string;
  readonly out: string;
  readonly host?: readonly string[];
  readonly httpsIntercept?: readonly string[];
  readonly shapesOnly?: true;
  readonly port: string;
  readonly days: string;
  readonly keyFile?: string;
  readonly caDir: string;
  readonly resolve?: readonly string[];
  readonly trust?: string;
}

/** `leakproof record`: a recording proxy for one person's own browser or phone. */
export const recordCommand: CliCommand = {
  name: 'record',
  register: (program, finish) => {
    const command = program
      .command('record')
      .description('Records one person’s own traffic through a local proxy, encrypted and for a limited time.')
      .requiredOption('--as <identity>', 'the name of this person in identities files')
      .requiredOption('--out <file>', 'the recording; an existing file is never overwritten')
      .option(
        '--host <hosts...>',
        'hosts to record: api.example.org, *.example.org, with :port if it is not the default',
      )
      .option(
        '--https-intercept <hosts...>',
        'hosts whose HTTPS is decrypted with a certificate authority of this machine',
      )
      .option('--shapes-only', 'keep no value: only names, shapes, and which values are equal')
      .option('--port <n>', 'the port of the proxy; 0 is any free port', '8899')
      .option('--days <n>', 'days after which the recording is refused', '7')
      .option('--key-file <file>', 'created if absent; default: the recording with the suffix .key')
      .option('--ca-dir <folder>', 'the directory of the certificate authority', '.leakproof/recorder-authority')
      .option(
        '--resolve <host:port:address...>',
        'connect to this address, as curl does; a fourth part is another port',
      )
      .option('--trust <pem>', 'a certificate authority of servers to trust, besides the usual ones')
      .action(async (options: RecordOptions) => finish(await record(options)));
    addHelp(command, HELP);
  },
};

async function record(options: RecordOptions): Promise<ExitCode> {
  const { makeKey, openAuthority, PASSPHRASE_VARIABLE, recordTraffic, writeRecording } =
    await import('@leakproof/sources');
  const intercept = options.httpsIntercept ?? [];
  const hosts = [...(options.host ?? []), ...intercept];
  if (hosts.length === 0) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'No host to record is given.', {
      fix: 'Give one: --host api.example.org.',
    });
  }
  const days = positive(options.days, '--days', 365);
  const port = options.port === '0' ? 0 : positive(options.port, '--port', 65_535);
  const { readResolve } = await import('@leakproof/scan');
  const resolve = readResolve(options.resolve ?? []);
  const trust = options.trust === undefined ? undefined : readText(options.trust);
  const authority = intercept.length > 0 ? openAuthority(options.caDir) : undefined;
  const created = Date.now();
  const expires = created + days * 86_400_000;
  const mode = options.shapesOnly ? 'shapes-only' : 'full';
  let writer: RecordingWriter | undefined;
  let tooLarge = 0;
  const recorder = await recordTraffic({
    hosts,
    intercept,
    authority,
    port,
    identity: options.as,
    resolve,
    trust,
    onExchange: (exchange) => {
      if (!writer?.add(exchange)) tooLarge++;
    },
  });
  try {
    const key = makeKey(options.out, { keyFile: options.keyFile, passphrase: process.env[PASSPHRASE_VARIABLE] });
    writer = writeRecording(options.out, { identity: options.as, mode, created, expires, key });
  } catch (error) {
    await recorder.close();
    throw error;
  }
  printMessage(`Recording as ${options.as}; use 127.0.0.1:${recorder.port} as HTTP and HTTPS proxy. Stop with Ctrl-C.`);
  printMessage(
    `Written ${mode === 'full' ? 'encrypted' : 'without values'} to ${options.out}, which is refused after ${new Date(expires).toISOString()}.`,
  );
  if (authority?.isNew)
    printMessage(`A certificate authority was created. How to trust and remove it: ${options.caDir}/README.txt`);
  await untilStopped();
  await recorder.close();
  writer.close();
  const { recorded, passedOver, tunnels, failed, withoutBody } = recorder.counts;
  printMessage(
    `${recorded} exchanges recorded (${withoutBody} without a body, ${tooLarge} too large); not recorded: ${passedOver} of other hosts, ${tunnels} tunnels; ${failed} failed.`,
  );
  return recorded - tooLarge > 0 ? EXIT.clean : EXIT.inconclusive;
}

function positive(text: string, option: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new LeakproofError('LP-USAGE', `${option} needs a whole number from 1 to ${most}.`);
}
