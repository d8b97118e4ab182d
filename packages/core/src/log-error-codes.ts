/** Codes of the log and the ledger: a part of the one table. */
export const LOG_CODES = {
  'LP-ESCROW-KEY': {
    summary: 'The key of the escrow is missing, is another one, or would be overwritten.',
    fix: 'Create one with `leakproof ledger escrow`, and name all of its files.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LEDGER-DAMAGED': {
    summary: 'Files of the ledger were changed, or a file named in its manifest is missing.',
    fix: 'Run `leakproof ledger verify`; restore the files it names from a backup.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LEDGER-ENGINE': {
    summary: 'The engine of the ledger failed.',
    fix: 'Run `leakproof ledger verify`; give the engine more memory with --memory if it ran out of it.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-LEDGER-HELD': {
    summary: 'A hold keeps the records of these days.',
    fix: 'Release the hold with `leakproof ledger release NAME` when its reason has ended.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LEDGER-LOCKED': {
    summary: 'Another process changes the files of the ledger.',
    fix: 'Wait until it has ended, then run the command again.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LOG-BLOCK': {
    summary: 'A block handed to the fact log is outside the limits of its format.',
    fix: 'Split the block: at most 16 MiB of payload and a whole count below 2^32.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-LOG-CLOSED': {
    summary: 'The fact log has been closed.',
    fix: 'Append before closing; nothing was recorded.',
    exit: 4,
    since: '0.1.0',
  },
  'LP-LOG-DAMAGED': {
    summary: 'The fact log contains bytes that its writer did not write.',
    fix: 'Copy the files unchanged, then compare them with a backup from the position named.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-FULL': {
    summary: 'The disk or quota under the fact log is full.',
    fix: 'Free some space; the log retries by itself.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-LOCKED': {
    summary: 'No writer directory of the fact log is free.',
    fix: 'Stop the process named, or give this one its own directory.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-LOG-SLOW': {
    summary: 'The disk under the fact log did not answer in time.',
    fix: 'Look for a frozen volume or another process that saturates it; the log continues by itself once the disk answers.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-LOG-WRITE': {
    summary: 'The fact log could not be written.',
    fix: 'Check the volume and its permissions; the log retries by itself.',
    exit: 3,
    since: '0.1.0',
  },
} as const;
