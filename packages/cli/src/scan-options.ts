import type { Command } from 'commander';
import type { ScanOptions } from '@leakproof/scan';
import { collect } from './command.ts';
import { loadContractFile } from './contract-file.ts';
import { readText } from './read-file.ts';
import { trafficOptions } from './traffic.ts';

/** The command-line options of every verb that sends requests to an API. */
export interface TargetOptions {
  readonly contract: string;
  readonly identities: string;
  readonly resolve: readonly string[];
  readonly authorizedTarget?: true;
  readonly json?: true;
}

/** Adds these options to a verb. */
export function addTargetOptions(command: Command): Command {
  return command
    .requiredOption('--contract <file>', 'the exposure contract')
    .requiredOption('--identities <file>', 'the identities file: which credentials to use, and where they are')
    .option(
      '--resolve <host:port:address>',
      'connect to this address, as curl does; a fourth part is another port (repeat)',
      collect,
      [],
    )
    .option('--authorized-target', 'you are authorized to test these servers, which are not on this machine')
    .option('--json', 'write the result as JSON to stdout');
}

/** Reads the files these options name. Throws LP-CONTRACT-INVALID, LP-IDENTITIES-INVALID, LP-FILE-UNREADABLE, LP-USAGE. */
export async function scanOptions(options: TargetOptions): Promise<ScanOptions> {
  const { capturesBeside, readIdentities, readResolve, secretsBeside } = await import('@leakproof/scan');
  const { keyOf } = await trafficOptions({});
  const readSecret = secretsBeside(options.identities, process.env);
  const { contract } = await loadContractFile(options.contract);
  return {
    contract,
    identities: readIdentities(readText(options.identities), contract, options.identities),
    readSecret,
    readCapture: capturesBeside(options.identities, { readSecret, keyOf }),
    resolve: readResolve(options.resolve),
    authorizedTarget: options.authorizedTarget ?? false,
  };
}
