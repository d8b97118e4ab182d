import { Command, CommanderError } from 'commander';
import { ERROR_CODES, formatWhere, isLeakproofError } from '@leakproof/core';
import { EXIT, type ExitCode } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { addHelp, type HelpPage } from './help.ts';
import { paintMessage, printMessage } from './terminal.ts';

/** Runs one command line and returns its exit code. Results go to stdout, messages to stderr; stack traces are not shown. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.clean;
  const program = programFor((code) => (exit = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    return report(error);
  }
}

/** The command with all its verbs; `finish` is called with the exit code of the one that runs. */
export function programFor(finish: (code: ExitCode) => void): Command {
  const program = new Command('leakproof')
    .description('Who can see whose what? Finds, proves, seals and accounts for leaks in an API.')
    .exitOverride()
    .showHelpAfterError('Run the command with --help for examples.');
  for (const command of COMMANDS) command.register(program, finish);
  return addHelp(program, HELP);
}

const HELP: HelpPage = {
  about: 'Every verb has its own --help, with examples.',
  exits: {
    0: 'clean: nothing was found',
    1: 'findings: something leaks, differs or does not hold',
    3: 'inconclusive: it could not be decided; never a success',
    130: 'interrupted by Ctrl-C',
  },
  examples: [
    'leakproof lab up',
    'leakproof contract check examples/cadence/contract.yaml',
    'leakproof scan --contract contract.yaml --identities identities.yaml',
  ],
};

function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (isLeakproofError(error)) {
    const where = error.where ? `${formatWhere(error.where)}: ` : '';
    printMessage(`${paintMessage('red', error.code)} ${where}${error.message}\n  ${error.fix}`);
    return ERROR_CODES[error.code].exit;
  }
  if (isSystemError(error)) {
    printMessage(
      `${paintMessage('red', 'LP-FILE-UNREADABLE')} ${error.message}\n  ${ERROR_CODES['LP-FILE-UNREADABLE'].fix}`,
    );
    return ERROR_CODES['LP-FILE-UNREADABLE'].exit;
  }
  const detail = error instanceof Error ? error.message : String(error);
  printMessage(`${paintMessage('red', 'LP-INTERNAL')} ${detail}\n  ${ERROR_CODES['LP-INTERNAL'].fix}`);
  return EXIT.internal;
}

/** An error of the operating system about a path: a disk, a permission or a path is wrong, not Leakproof. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'path' in error && typeof error.path === 'string';
}
