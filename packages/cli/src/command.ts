import type { Command } from 'commander';

/** Exit codes, documented in docs/exit-codes.md and never changed by a format. */
export const EXIT = { clean: 0, findings: 1, usage: 2, inconclusive: 3, internal: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One verb of the command: a file in `commands/`, a line in `commands/index.ts`. It loads its room only when it runs. */
export interface CliCommand {
  readonly name: string;
  /** Adds the verb, its options and its examples to `program`; actions set the exit code with `finish`. */
  register(program: Command, finish: (code: ExitCode) => void): void;
}
