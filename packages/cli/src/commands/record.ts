import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { LeakproofError } from '@leakproof/core';
import type { Recorder, RecorderOptions } from '@leakproof/sources';
import { type CliCommand, EXIT, type ExitCode } from '../command.ts';

const HELP = `
Sets up a proxy on this machine alone. Point a browser profile or a phone's test setup at it, log in as usual (SSO and MFA are
yours to do) and use the application; Ctrl-C ends the recording. Only named hosts are recorded, all others pass untouched.

The recording holds personal data and credentials, encrypted (AES-256-GCM), and is refused after the day it names. With
--shapes-only no value is kept at all: names, shapes, and which values are equal. The key is the passphrase in
LEAKPROOF_PASSPHRASE, or a key file beside the recording.

Examples:
  leakproof record --as alice --host api.example.org --https-intercept api.example.org --out alice.rec
  leakproof record --as alice --host '*.us.lab.test' --resolve api.us.lab.test:80:127.0.0.1:8080 --out alice.rec
  leakproof record --as alice --host api.example.org --shapes-only --days 1 --out shapes.rec
  leakproof map inventory alice.rec openapi.yaml
  adb reverse tcp:8899 tcp:8899     # an Android phone on a cable reaches the proxy as 127.0.0.1:8899
`;

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
    program
      .command('record')
      .description('Records one person’s own traffic through a local proxy, encrypted and for a limited time.')
      .requiredOption('--as <identity>', 'the name this person has in contracts and scans')
      .requiredOption('--out <file>', 'the recording; never written over')
      .option('--host <hosts...>', 'hosts to record: api.example.org, *.example.org, with :port if need be')
      .option('--https-intercept <hosts...>', 'hosts whose HTTPS is opened with an authority of this machine')
      .option('--shapes-only', 'keep no value at all')
      .option('--port <n>', '0 takes any free port', '8899')
      .option('--days <n>', 'the recording is refused after so many days', '7')
      .option('--key-file <file>', 'made if there is none; default: the recording with .key behind it')
      .option('--ca-dir <folder>', 'where the certificate authority is kept', '.leakproof/recorder-authority')
      .option('--resolve <host:port:address...>', 'connect there instead; a fourth part is another port')
      .option('--trust <pem>', 'an authority to trust for servers, beyond the usual ones')
      .addHelpText('after', HELP)
      .action(async (options: RecordOptions) => finish(await record(options)));
  },
};

async function record(options: RecordOptions): Promise<ExitCode> {
  const { makeKey, openAuthority, PASSPHRASE_VARIABLE, recordTraffic, writeRecording } =
    await import('@leakproof/sources');
  const intercept = options.httpsIntercept ?? [];
  const hosts = [...(options.host ?? []), ...intercept];
  if (hosts.length === 0) {
    throw new LeakproofError('LP-RECORD-OPTIONS', 'no host to record was named', {
      fix: 'Name it: --host api.example.org',
    });
  }
  const days = positive(options.days, '--days', 365);
  const port = options.port === '0' ? 0 : positive(options.port, '--port', 65_535);
  const resolve = readResolve(options.resolve ?? []);
  const trust = options.trust === undefined ? undefined : readText(options.trust);
  const authority = intercept.length > 0 ? openAuthority(options.caDir) : undefined;
  const key = makeKey(options.out, { keyFile: options.keyFile, passphrase: process.env[PASSPHRASE_VARIABLE] });
  const created = Date.now();
  const expires = created + days * 86_400_000;
  const mode = options.shapesOnly ? 'shapes-only' : 'full';
  const writer = writeRecording(options.out, { identity: options.as, mode, created, expires, key });
  let tooLarge = 0;
  let recorder: Recorder;
  try {
    recorder = await recordTraffic({
      hosts,
      intercept,
      authority,
      port,
      identity: options.as,
      resolve,
      trust,
      onExchange: (exchange) => {
        if (!writer.add(exchange)) tooLarge++;
      },
    });
  } catch (error) {
    writer.close();
    throw error;
  }
  say(`Recording as ${options.as}; set 127.0.0.1:${recorder.port} as the HTTP and HTTPS proxy. Ctrl-C ends it.`);
  say(
    `Kept ${mode === 'full' ? 'encrypted' : 'without any value'} in ${options.out}, refused after ${new Date(expires).toISOString()}.`,
  );
  if (authority?.isNew)
    say(`A certificate authority was made. How to trust and remove it: ${options.caDir}/README.txt`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await recorder.close();
  writer.close();
  const { recorded, passedOver, tunnels, failed, withoutBody } = recorder.counts;
  say(
    `${recorded} exchanges recorded (${withoutBody} without a body, ${tooLarge} too large); not recorded: ${passedOver} of other hosts, ${tunnels} tunnels; ${failed} failed.`,
  );
  return recorded - tooLarge > 0 ? EXIT.clean : EXIT.inconclusive;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function positive(text: string, option: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new LeakproofError('LP-USAGE', `${option} is no whole number from 1 to ${most}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LeakproofError('LP-FILE-UNREADABLE', `cannot read ${path}`, { cause, where: { file: path } });
  }
}

/** `host:port:address` as curl takes it, with another port as a fourth part. */
function readResolve(entries: readonly string[]): NonNullable<RecorderOptions['resolve']> {
  return new Map(
    entries.map((entry) => {
      const [, host, port, address, other] =
        /^([\w.-]+):(\d{1,5}):(\[[0-9a-f:.]+\]|[\d.]+)(?::(\d{1,5}))?$/i.exec(entry) ?? [];
      if (!host || !port || !address) throw new LeakproofError('LP-USAGE', `"${entry}" is no host:port:address`);
      return [
        `${host.toLowerCase()}:${port}`,
        { address: address.replace(/^\[|\]$/g, ''), port: Number(other ?? port) },
      ] as const;
    }),
  );
}
