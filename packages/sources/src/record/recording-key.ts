import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { LeakproofError } from '@leakproof/core';
import type { RecordingKey } from './recording-header.ts';

/** The environment variable for a passphrase. There is no argument for it, because other processes can read arguments. */
export const PASSPHRASE_VARIABLE = 'LEAKPROOF_PASSPHRASE';

const KEY_BYTES = 32;

export interface KeySource {
  /** Default: the name of the recording with `.key` appended. */
  readonly keyFile?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** The key for a recording: the passphrase if there is one, else the key file. Throws LP-RECORDING-KEY. */
export function loadKey(recording: string, { keyFile = `${recording}.key`, passphrase }: KeySource): RecordingKey {
  if (passphrase) return { passphrase };
  try {
    if ((statSync(keyFile).mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new LeakproofError('LP-RECORDING-KEY', 'the key file is readable by other users', {
        where: { file: keyFile },
        fix: 'Run chmod 600 on it, unless somebody may have read it.',
      });
    }
    const bytes = Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64url');
    if (bytes.length === KEY_BYTES) return { bytes };
    throw new LeakproofError('LP-RECORDING-KEY', 'the file is not the key of a recording', {
      where: { file: keyFile },
    });
  } catch (cause) {
    if (cause instanceof LeakproofError) throw cause;
    throw new LeakproofError('LP-RECORDING-KEY', 'the key file cannot be read', {
      cause,
      where: { file: keyFile },
      fix: `Use --key-file, or set ${PASSPHRASE_VARIABLE}.`,
    });
  }
}

/** As `loadKey`; creates the key file (mode 0600) if there is none. */
export function makeKey(recording: string, source: KeySource): RecordingKey {
  const keyFile = source.keyFile ?? `${recording}.key`;
  if (!source.passphrase && statSync(keyFile, { throwIfNoEntry: false }) === undefined) {
    try {
      writeFileSync(keyFile, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      throw new LeakproofError('LP-RECORDING-KEY', 'the key file cannot be written', {
        cause,
        where: { file: keyFile },
      });
    }
  }
  return loadKey(recording, source);
}
