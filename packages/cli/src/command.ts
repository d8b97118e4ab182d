import type { Command } from 'commander';

/** Exit codes (docs/exit-codes.md). An output format never changes them. */
export const EXIT = { clean: 0, findings: 1, usage: 2, inconclusive: 3, internal: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Parses an option that may be repeated into a list. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** One verb of the command: a file in `commands/` and a line in `commands/index.ts`. It imports its package when it runs. */
export interface CliCommand {
  readonly name: string;
  /** Adds the verb with its options and help to `program`; its actions set the exit code with `finish`. */
  register(program: Command, finish: (code: ExitCode) => void): void;
}
