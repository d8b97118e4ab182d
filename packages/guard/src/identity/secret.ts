import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LeakproofError, type SecretLocation } from '@leakproof/core';

/** Reads a secret of the contract. Throws LP-SECRET-UNAVAILABLE. */
export type ReadSecret = (location: SecretLocation) => KeyObject;

/** From the environment of this process, or a file, without a line break at its end. The secret is in no error. */
export const readSecret: ReadSecret = (location) => {
  const name = 'env' in location ? `The variable ${location.env}` : `The file ${location.file}`;
  const bytes = 'env' in location ? Buffer.from(process.env[location.env] ?? '') : readFile(location.file, name);
  if (bytes.length === 0) throw new LeakproofError('LP-SECRET-UNAVAILABLE', `${name} holds no secret.`);
  return createSecretKey(bytes);
};

function readFile(path: string, name: string): Buffer {
  try {
    return Buffer.from(readFileSync(path, 'latin1').replace(/\r?\n$/, ''), 'latin1');
  } catch {
    throw new LeakproofError('LP-SECRET-UNAVAILABLE', `${name} could not be read.`);
  }
}
