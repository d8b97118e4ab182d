import type { CliCommand } from '../command.ts';

/** Every verb, one line each. */
export const COMMANDS: readonly CliCommand[] = [];
