import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { LeakproofError } from '@leakproof/core';
import type { RecordingKey } from './recording-header.ts';

/** The variable that holds a passphrase; never an argument, which other processes may read. */
export const PASSPHRASE_VARIABLE = 'LEAKPROOF_PASSPHRASE';

export interface KeyPlace {
  /** Default: the recording's name with `.key` behind it. */
  readonly keyFile?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** The key for a recording: the passphrase if there is one, else the key file. Throws LP-RECORDING-KEY. */
export function loadKey(recording: string, { keyFile = `${recording}.key`, passphrase }: KeyPlace): RecordingKey {
  if (passphrase) return { passphrase };
  try {
    if ((statSync(keyFile).mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new LeakproofError('LP-RECORDING-KEY', 'others may read the key file', {
        where: { file: keyFile },
        fix: `Run chmod 600 on it, if nobody else has had it.`,
      });
    }
    return { bytes: Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64url') };
  } catch (cause) {
    if (cause instanceof LeakproofError) throw cause;
    throw new LeakproofError('LP-RECORDING-KEY', 'there is no key file', {
      cause,
      where: { file: keyFile },
      fix: `Name it with --key-file, or set ${PASSPHRASE_VARIABLE}.`,
    });
  }
}

/** As `loadKey`, and makes a key file (mode 0600) where there is none. */
export function makeKey(recording: string, place: KeyPlace): RecordingKey {
  const keyFile = place.keyFile ?? `${recording}.key`;
  if (!place.passphrase && statSync(keyFile, { throwIfNoEntry: false }) === undefined) {
    try {
      writeFileSync(keyFile, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      throw new LeakproofError('LP-RECORDING-KEY', 'the key file cannot be written', {
        cause,
        where: { file: keyFile },
      });
    }
  }
  return loadKey(recording, place);
}
