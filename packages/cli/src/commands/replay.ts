import { type CliCommand, EXIT, type ExitCode } from '../command.ts';
import { addHelp } from '../help.ts';
import { readText } from '../read-file.ts';
import { addTargetOptions, scanOptions, type TargetOptions } from '../scan-options.ts';
import { writeText } from '../write-file.ts';
import { endProgress, paint, showProgress, untilInterrupted } from '../terminal.ts';

const ABOUT = `
Repeats every attempt of a proof (anonymous, members, relations, the owner) on every operation and server that returns the same
data. The verdict is one of:
  open         every attempt that leaked still leaks
  half fixed   some attempts are closed and others are not, or callers who are allowed the data have lost it
  closed       no attempt leaks, and nobody has lost what they are allowed
  cannot tell  an identity is dead, the object no longer exists, or a server is down
`;

const EXITS = {
  0: 'closed',
  1: 'open or half fixed',
  3: 'cannot tell',
  130: 'interrupted by Ctrl-C',
};

interface ReplayOptions extends TargetOptions {
  readonly html?: string;
}

/** `leakproof replay`: whether a proven leak still exists. */
export const replayCommand: CliCommand = {
  name: 'replay',
  register: (program, finish) => {
    const command = program
      .command('replay')
      .description('Tests whether a proven leak is still open, on every operation and server.')
      .argument('<proof>', 'a file written by `leakproof scan --out`');
    addTargetOptions(command)
      .option('--html <file>', 'write the attempts, before and now, as one page here')
      .action(async (file: string, options: ReplayOptions) => finish(await runReplay(file, options)));
    addHelp(command, {
      about: ABOUT,
      exits: EXITS,
      examples: ['leakproof replay scan/proofs/01-*.json --contract contract.yaml --identities identities.yaml'],
    });
  },
};

async function runReplay(file: string, options: ReplayOptions): Promise<ExitCode> {
  const { progressLine, readProof, replay, replayHtml, replayReport } = await import('@leakproof/scan');
  const scanning = await scanOptions(options);
  const proof = readProof(readText(file), scanning.contract, file);
  const replayed = await untilInterrupted(async (signal) => {
    const onEvent: typeof scanning.onEvent = (event) => showProgress(progressLine(event));
    const result = await replay(proof, { ...scanning, signal, onEvent });
    return { ...result, interrupted: signal.aborted };
  });
  endProgress();
  if (options.html !== undefined) writeText('--html', options.html, replayHtml(proof, replayed));
  process.stdout.write(options.json ? `${JSON.stringify(replayed)}\n` : replayReport(replayed, paint));
  if (replayed.interrupted) return EXIT.interrupted;
  if (replayed.verdict === 'cannot tell') return EXIT.inconclusive;
  return replayed.verdict === 'closed' ? EXIT.clean : EXIT.findings;
}
