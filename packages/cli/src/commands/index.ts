import type { CliCommand } from '../command.ts';
import { contractCommand } from './contract.ts';
import { labCommand } from './lab.ts';

/** Every verb, one line each. */
export const COMMANDS: readonly CliCommand[] = [contractCommand, labCommand];
