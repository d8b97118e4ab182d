import type { Command } from 'commander';

export interface HelpPage {
  /** Sentences after the options. */
  readonly about?: string;
  /** What each exit code of the command means; 2 and 4 mean the same everywhere and are added. */
  readonly exits: Readonly<Record<number, string>>;
  readonly examples: readonly string[];
}

const SAME_EVERYWHERE = { 2: 'the command line or a file is wrong', 4: 'a fault of Leakproof itself' };

/** Adds exit codes and examples to the `--help` of a command. */
export function addHelp(command: Command, { about, exits, examples }: HelpPage): Command {
  const codes = Object.entries({ ...SAME_EVERYWHERE, ...exits }).map(([code, text]) => `  ${code.padEnd(4)} ${text}`);
  const sections = [
    ...(about === undefined ? [] : [about.trim()]),
    ['Exit codes:', ...codes].join('\n'),
    ['Examples:', ...examples.map((each) => each.replaceAll(/^/gm, '  '))].join('\n'),
  ];
  return command.addHelpText('after', `\n${sections.join('\n\n')}\n`);
}
