import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { LeakproofError, type OwnerRef, type Tokenize } from '@leakproof/core';
import { TwoGenerationCache } from './two-generation-cache.ts';

const KEY_BYTES = 32;

/** Size of one generation of cached tokens. */
const MAX_RECENT = 50_000;

/**
 * Computes the tokens of owners under one key: the first 16 bytes of HMAC-SHA-256 over kind, space and id, as base64url. An owner
 * has the same token as long as the key is the same; without the key a token cannot be computed from an id. `onToken` is called
 * for an owner that is not in the cache: always the first time, and again when the owner was not seen for long.
 */
export function tokenizer(key: Uint8Array, onToken?: (owner: OwnerRef, token: string) => void): Tokenize {
  // With a key given as bytes, Node would create a key object for every token, which costs more than the token.
  const secret = createSecretKey(key);
  const cache = new TwoGenerationCache(MAX_RECENT);
  return (owner) => {
    let token = cache.get(owner);
    if (token === undefined) {
      const text = JSON.stringify([owner.kind, owner.space, owner.id]);
      token = createHmac('sha256', secret).update(text).digest().toString('base64url', 0, 16);
      cache.set(owner, token);
      onToken?.(owner, token);
    }
    return token;
  };
}

/**
 * Reads the key from `file`, or creates the file with a new key, readable by its owner only. Throws LP-TOKEN-KEY, also if the file
 * is inside `dataFolder`: whoever copies the data must not copy the key with it.
 */
export function tokenKey(file: string, dataFolder?: string): Uint8Array {
  if (dataFolder !== undefined && !relative(resolve(dataFolder), resolve(file)).startsWith('..'))
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} is inside the folder of the data it protects.`, {
      fix: 'Keep the key outside of the log, and out of its backups.',
    });
  return createKey(file) ?? readKey(file);
}

/** Names a key without revealing it: the first 8 bytes of a hash, in hex. */
export function keyId(key: Uint8Array): string {
  return createHash('sha256').update('leakproof key id').update(key).digest('hex').slice(0, 16);
}

function createKey(file: string): Uint8Array | undefined {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      const key = randomBytes(KEY_BYTES);
      writeSync(descriptor, key);
      fsyncSync(descriptor);
      return key;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} cannot be created (${codeOf(error)}).`);
  }
}

function readKey(file: string): Uint8Array {
  let key: Uint8Array;
  let mode: number;
  try {
    key = readFileSync(file);
    ({ mode } = statSync(file));
  } catch (error) {
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} cannot be read (${codeOf(error)}).`);
  }
  if (key.length !== KEY_BYTES)
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} has ${key.length} bytes instead of ${KEY_BYTES}.`);
  if ((mode & 0o077) !== 0)
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} must be readable by its owner only (mode 0600).`);
  return key;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
