import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Exchange, LeakproofError } from '@leakproof/core';
import type { FirstLook } from '@leakproof/map';
import type { CredentialReference, ProveIdentity, ProveInput, ReadCapture, ReadSecret } from '@leakproof/scan';
import type { DeclaredHttpOperation, Reading } from '@leakproof/sources';
import type { ProveCliOptions } from './commands/prove.ts';
import { readText } from './read-file.ts';
import { printMessage } from './terminal.ts';
import { trafficOptions } from './traffic.ts';

export interface ReadProve {
  readonly input: ProveInput;
  /** What the input shows before anything is sent. */
  readonly firstLook: FirstLook;
  readonly readSecret: ReadSecret;
  readonly readCapture: ReadCapture;
  /** Commands that make the secrets of the identities file available. */
  readonly advice: readonly string[];
}

/** The variable that a written identities file names for a copied request. */
const COPIED = 'LEAKPROOF_COPIED_REQUEST';

/**
 * Reads what the command line names. The identities have references to secrets, relative to the directory that is written. Throws
 * LP-USAGE, LP-FILE-UNREADABLE, LP-SOURCE-UNKNOWN, LP-ANSWERS-INVALID.
 */
export async function readProveInput(files: readonly string[], options: ProveCliOptions): Promise<ReadProve> {
  const { capturesBeside, credentialLike, readCredential, secretsBeside } = await import('@leakproof/scan');
  const { firstLook, readAnswers } = await import('@leakproof/map');
  const { buildInventory, readTraffic } = await import('@leakproof/sources');
  const reading = {
    ...(await trafficOptions(options.keyFile === undefined ? {} : { keyFile: options.keyFile })),
    identity: options.as,
  };
  const exchanges: Exchange[] = [];
  const declared: DeclaredHttpOperation[] = [];
  const inventory = buildInventory();
  let captureFile: string | undefined;
  let copied: string | undefined;
  const take = (one: Reading, file: string | undefined): void => {
    inventory.take(one);
    if (one.type === 'reject')
      printMessage(
        `Not read: ${one.count} × ${one.code} in ${one.where.file ?? 'the input'} at ${one.where.at ?? '?'}`,
      );
    if (one.type === 'operation' && one.operation.protocol === 'http') declared.push(one.operation);
    if (one.type !== 'exchange') return;
    exchanges.push(one.exchange);
    if (one.exchange.caller.fingerprint !== undefined) captureFile ??= file;
  };
  if (files.length === 0) {
    copied = await copiedText();
    for (const one of await readCopied(copied, options.as)) take(one, undefined);
  }
  for (const file of files) for await (const one of readTraffic(file, reading)) take(one, file);
  const out = options.out ?? '.';
  const beside = (file: string): string => relative(resolve(out), resolve(file));
  const hasCredential = exchanges.some(({ caller }) => caller.fingerprint !== undefined);
  const identities: ProveIdentity[] = [];
  if (hasCredential)
    identities.push({
      name: options.as,
      credential: { capture: captureFile === undefined ? { env: COPIED } : { file: beside(captureFile) } },
    });
  for (const entry of options.other) identities.push(otherIdentity(entry));
  checkNames(identities.map(({ name }) => name));
  const env = copied === undefined ? process.env : { ...process.env, [COPIED]: copied };
  const readSecret = secretsBeside(join(out, 'identities.yaml'), env);
  return {
    input: {
      exchanges,
      declared,
      identities,
      answers: options.answers === undefined ? [] : readAnswers(readText(options.answers), options.answers),
      reads: options.reads,
      server: serverOf(options.server),
    },
    firstLook: firstLook(exchanges, inventory.finish()),
    readSecret,
    readCapture: capturesBeside(join(out, 'identities.yaml'), { readSecret, keyOf: reading.keyOf }),
    advice:
      copied === undefined
        ? []
        : [`export ${COPIED}="$(pbpaste)"   # the copied request again, for the identities file`],
  };

  function otherIdentity(entry: string): ProveIdentity {
    const [, name, at, source] = /^([A-Za-z0-9_][\w.-]{0,40})=(@?)(.+)$/s.exec(entry) ?? [];
    if (name === undefined || source === undefined)
      throw usage(
        '--other is not NAME=VARIABLE or NAME=@FILE.',
        'Write --other bob=BOB_TOKEN; the secret itself is never an argument.',
      );
    if (at === '@') {
      if (!existsSync(source)) throw new LeakproofError('LP-FILE-UNREADABLE', `${source} cannot be read.`);
      return { name, credential: { capture: { file: beside(source) } } };
    }
    return { name, credential: fromVariable(name, source) };
  }

  function fromVariable(name: string, variable: string): CredentialReference {
    const secret = /^[A-Za-z_]\w*$/.test(variable) ? process.env[variable] : undefined;
    if (secret === undefined || secret === '')
      // The text is not repeated: it may be the secret itself.
      throw usage(
        `The variable of --other ${name} is not set.`,
        'Set it with export, and give its name; the secret itself is never an argument.',
      );
    if (readCredential(secret) === 'capture') return { capture: { env: variable } };
    return credentialLike({ env: variable }, { exchanges, declared });
  }
}

async function copiedText(): Promise<string> {
  if (process.stdin.isTTY)
    throw usage('There is no input.', 'Pipe a copied curl command into the command, or name files.');
  return (await buffer(process.stdin)).toString('utf8');
}

async function readCopied(text: string, identity: string): Promise<Reading[]> {
  const { bytesOf, readBytes } = await import('@leakproof/sources');
  const readings: Reading[] = [];
  for await (const batch of readBytes(bytesOf('stdin', text), { identity })) readings.push(...batch);
  return readings;
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index || name === 'anonymous');
  if (twice !== undefined)
    throw usage(`The name "${twice}" is used twice, or reserved.`, 'Give each identity another name.');
  const wrong = names.find((name) => !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name));
  if (wrong !== undefined) throw usage('A name is letters, digits, "_", "-" and ".".', 'Write --as alice.');
}

function serverOf(server: string | undefined): string | undefined {
  if (server === undefined) return undefined;
  const url = URL.parse(server);
  if (!url || !/^https?:$/.test(url.protocol))
    throw usage('--server is not an http or https URL.', 'Write it like https://api.example.org.');
  return url.origin;
}

const usage = (detail: string, fix: string): LeakproofError => new LeakproofError('LP-USAGE', detail, { fix });
