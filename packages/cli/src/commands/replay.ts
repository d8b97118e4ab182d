import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { collect, paint, readText, scanOptions, showProgress, type TargetOptions, untilInterrupted } from './scan.ts';

const HELP = `
Walks the whole ladder of a proof again: anonymous, members, followers and the owner, on every sibling door.
  open         nothing of it is closed
  half fixed   some callers or doors are closed and others are not, or it was taken from those it was meant for
  closed       every try is as the contract says, and nobody lost anything
  cannot tell  an identity is dead, the object is gone, or a server is down

Exit codes: 0 closed, 1 open or half fixed, 2 usage, 3 cannot tell.

Example:
  leakproof replay scan/proofs/01-*.json --contract contract.yaml --identities identities.yaml
`;

/** `leakproof replay`: whether a proven leak is still there, on any door. */
export const replayCommand: CliCommand = {
  name: 'replay',
  register: (program, finish) => {
    program
      .command('replay')
      .description('Says of a proof whether it is open, half fixed or closed now.')
      .argument('<proof>', 'a file written by `leakproof scan --out`')
      .requiredOption('--contract <file>', 'the exposure contract it was judged by')
      .requiredOption('--identities <file>', 'the identities it names')
      .option('--resolve <host:port:address[:port]>', 'connect there for this host, as curl does', collect, [])
      .option('--authorized-target', 'you may test these servers although they are not this machine')
      .option('--json', 'the verdict as JSON on stdout')
      .addHelpText('after', HELP)
      .action(async (file: string, options: TargetOptions) => finish(await runReplay(file, options)));
  },
};

async function runReplay(file: string, options: TargetOptions): Promise<ExitCode> {
  const { readProof, replay, replayReport } = await import('@leakproof/scan');
  const scanning = await scanOptions(options);
  const proof = readProof(readText(file), scanning.contract, file);
  const replayed = await untilInterrupted(async (signal) => {
    const result = await replay(proof, { ...scanning, signal, onEvent: showProgress });
    return { ...result, interrupted: signal.aborted };
  });
  process.stdout.write(options.json ? `${JSON.stringify(replayed)}\n` : replayReport(replayed, paint));
  if (replayed.interrupted) return EXIT.interrupted;
  if (replayed.verdict === 'cannot tell') return EXIT.inconclusive;
  return replayed.verdict === 'closed' ? EXIT.clean : EXIT.findings;
}
