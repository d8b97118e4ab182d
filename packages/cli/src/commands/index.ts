import type { CliCommand } from '../command.ts';
import { contractCommand } from './contract.ts';
import { deskCommand } from './desk.ts';
import { explainCommand } from './explain.ts';
import { guardCommand } from './guard.ts';
import { labCommand } from './lab.ts';
import { ledgerCommand } from './ledger.ts';
import { mapCommand } from './map.ts';
import { proveCommand } from './prove.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { scanCommand } from './scan.ts';

/** Every verb, one line each. */
export const COMMANDS: readonly CliCommand[] = [
  contractCommand,
  deskCommand,
  explainCommand,
  guardCommand,
  labCommand,
  ledgerCommand,
  mapCommand,
  proveCommand,
  recordCommand,
  replayCommand,
  scanCommand,
];
