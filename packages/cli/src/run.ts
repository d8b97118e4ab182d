import { styleText } from 'node:util';
import { Command, CommanderError } from 'commander';
import { ERROR_CODES, formatWhere, isLeakproofError } from '@leakproof/core';
import { EXIT, type ExitCode } from './command.ts';
import { COMMANDS } from './commands/index.ts';

/** Runs one command line and answers its exit code. Results go to stdout, talk to stderr; a stack trace goes nowhere. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = EXIT.clean;
  const program = new Command('leakproof')
    .description('Who can see whose what? Finds, proves, seals and accounts for leaks in an API.')
    .exitOverride()
    .showHelpAfterError('Run the command with --help for examples.');
  for (const command of COMMANDS) command.register(program, (code) => (exit = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (isLeakproofError(error)) {
    const where = error.where ? `${formatWhere(error.where)}: ` : '';
    process.stderr.write(
      `${styleText('red', error.code, { stream: process.stderr })} ${where}${error.message}\n  ${error.fix}\n`,
    );
    return ERROR_CODES[error.code].exit;
  }
  const detail = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `${styleText('red', 'LP-INTERNAL', { stream: process.stderr })} ${detail}\n  ${ERROR_CODES['LP-INTERNAL'].fix}\n`,
  );
  return EXIT.internal;
}
