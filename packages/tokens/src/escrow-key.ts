import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeakproofError } from '@leakproof/core';

const KEY_BYTES = 32;
/** DER before the 32 bytes of an X25519 key (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

export interface EscrowKeyFiles {
  readonly file: string;
  /** With it, each file is one half of the key, and neither is of use alone. */
  readonly secondFile?: string | undefined;
}

/**
 * Creates an X25519 key pair. The private key opens the escrow and is written to the files named; the public key, which can only
 * add to it, to the folder of the escrow. Throws LP-ESCROW-KEY if one of them exists.
 */
export function createEscrowKey(directory: string, { file, secondFile }: EscrowKeyFiles): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const paths = [publicKeyPath(directory), file, ...(secondFile === undefined ? [] : [secondFile])];
  const existing = paths.find((path) => existsSync(path));
  if (existing !== undefined) throw new LeakproofError('LP-ESCROW-KEY', `The file ${existing} exists already.`);
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES);
  const pad = secondFile === undefined ? Buffer.alloc(KEY_BYTES) : randomBytes(KEY_BYTES);
  writeFileSync(file, xor(secret, pad), { flag: 'wx', mode: 0o600 });
  if (secondFile !== undefined) writeFileSync(secondFile, pad, { flag: 'wx', mode: 0o600 });
  const open = publicKey.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  writeFileSync(publicKeyPath(directory), open, { flag: 'wx' });
}

/** Reads the private key. Throws LP-ESCROW-KEY for a key that is not that of the escrow. */
export function readEscrowKey(directory: string, { file, secondFile }: EscrowKeyFiles): KeyObject {
  const halves = [readKeyFile(file), ...(secondFile === undefined ? [] : [readKeyFile(secondFile)])];
  const secret = halves.reduce(xor, Buffer.alloc(KEY_BYTES));
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, secret]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  if (!open.equals(readFileSync(publicKeyPath(directory))))
    throw new LeakproofError('LP-ESCROW-KEY', `The key in ${file} is not that of the escrow ${directory}.`, {
      fix: 'Name the right key, with --second-key if it was created with one.',
    });
  return key;
}

export function readPublicKey(directory: string): KeyObject {
  try {
    return toPublicKey(readFileSync(publicKeyPath(directory)));
  } catch (cause) {
    throw new LeakproofError('LP-ESCROW-KEY', `The escrow ${directory} has no usable public key (escrow.pub).`, {
      cause,
    });
  }
}

export function toPublicKey(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bytes]), format: 'der', type: 'spki' });
}

export function publicBytes(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

function publicKeyPath(directory: string): string {
  return join(directory, 'escrow.pub');
}

function readKeyFile(file: string): Buffer {
  let key: Buffer;
  try {
    key = readFileSync(file);
  } catch (cause) {
    throw new LeakproofError('LP-ESCROW-KEY', `The key file ${file} cannot be read.`, { cause });
  }
  if (key.length !== KEY_BYTES || (statSync(file).mode & 0o077) !== 0)
    throw new LeakproofError('LP-ESCROW-KEY', `The key file ${file} needs ${KEY_BYTES} bytes and mode 0600.`);
  return key;
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
}
