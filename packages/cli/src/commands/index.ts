import type { CliCommand } from '../command.ts';
import { labCommand } from './lab.ts';

/** Every verb, one line each. */
export const COMMANDS: readonly CliCommand[] = [labCommand];
