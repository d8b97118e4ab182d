import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { LeakproofError, type Tokenize } from '@leakproof/core';
import { OwnerMemory } from './owner-memory.ts';

const KEY_BYTES = 32;

/** Tokens kept in memory, and at most as many again, so that whom many ask for is worked out once. */
const REMEMBERED = 50_000;

/**
 * Tokens under one key: the first 16 bytes of HMAC-SHA-256 over kind, space and id, as base64url. The same owner has the same
 * token as long as the key is the same; without the key a token tells nothing, and cannot be guessed from an id.
 */
export function tokenizer(key: Uint8Array): Tokenize {
  // A key given as bytes would be made into an object for every token, which costs more than the token.
  const secret = createSecretKey(key);
  const remembered = new OwnerMemory(REMEMBERED);
  return (owner) => {
    let token = remembered.get(owner);
    if (token === undefined) {
      const text = JSON.stringify([owner.kind, owner.space, owner.id]);
      token = createHmac('sha256', secret).update(text).digest().toString('base64url', 0, 16);
      remembered.keep(owner, token);
    }
    return token;
  };
}

/** Reads the key from `file`, or makes one there that only its owner may read. Throws LP-TOKEN-KEY. */
export function tokenKey(file: string): Uint8Array {
  return makeKey(file) ?? readKey(file);
}

function makeKey(file: string): Uint8Array | undefined {
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
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} could not be made (${codeOf(error)}).`);
  }
}

function readKey(file: string): Uint8Array {
  let key: Uint8Array;
  let mode: number;
  try {
    key = readFileSync(file);
    ({ mode } = statSync(file));
  } catch (error) {
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} could not be read (${codeOf(error)}).`);
  }
  if (key.length !== KEY_BYTES)
    throw new LeakproofError('LP-TOKEN-KEY', `The key file ${file} holds ${key.length} bytes, not ${KEY_BYTES}.`);
  if ((mode & 0o077) !== 0) throw new LeakproofError('LP-TOKEN-KEY', `Others may read the key file ${file}.`);
  return key;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
