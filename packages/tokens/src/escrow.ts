import {
  createCipheriv,
  createDecipheriv,
  createHash,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { LeakproofError, type OwnerRef } from '@leakproof/core';
import { publicBytes, readPublicKey, toPublicKey } from './escrow-key.ts';

const MAGIC = Buffer.from('LPESCRW1', 'latin1');
const HEADER_BYTES = MAGIC.length + 32;
const TOKEN_BYTES = 16;
/** Length of the sealed text (u16), token, counter (u64). */
const HEAD_BYTES = 2 + TOKEN_BYTES + 8;
const TAG_BYTES = 16;
/** Texts are padded to a multiple: the length of an id is not visible. */
const PAD_BYTES = 64;
const FLUSH_MS = 50;

export interface Escrow {
  /** Seals the id of a token. It is written within 50 ms; a killed process may lose the last ones. */
  add(owner: OwnerRef, token: string): void;
  close(): void;
}

export interface EscrowEntry {
  readonly token: string;
  readonly owner: OwnerRef;
}

/**
 * Opens an escrow to add to: token → id, sealed with its public key, so that this process cannot open what earlier ones wrote.
 * One file for each opening; each entry is sealed alone (X25519, HKDF-SHA-256, AES-256-GCM), so that one can be removed without
 * the private key. Throws LP-ESCROW-KEY without a public key.
 */
export function openEscrow(directory: string): Escrow {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const secret = sessionKey(privateKey, readPublicKey(directory));
  const file = openSync(join(directory, `${randomUUID()}.escrow`), 'ax', 0o600);
  writeSync(file, Buffer.concat([MAGIC, publicBytes(publicKey)]));
  let counter = 0;
  let waiting: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) writeSync(file, Buffer.concat(waiting));
    waiting = [];
  };
  return {
    add({ kind, space, id }, token) {
      waiting.push(seal(secret, counter++, { token, owner: { kind, space, id } }));
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    close() {
      flush();
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** Opens every entry; those that were changed are skipped and passed to `onDamaged`. A token may occur in several files. */
export function* readEscrow(
  directory: string,
  key: KeyObject,
  onDamaged: (place: { readonly file: string; readonly offset: number }) => void,
): Generator<EscrowEntry> {
  for (const file of escrowFiles(directory)) {
    const bytes = readFileSync(join(directory, file));
    if (!isEscrowFile(bytes)) {
      onDamaged({ file, offset: 0 });
      continue;
    }
    const secret = sessionKey(key, toPublicKey(bytes.subarray(MAGIC.length, HEADER_BYTES)));
    for (const { offset, entry } of entriesOf(bytes)) {
      const opened = unseal(secret, entry);
      if (opened) yield opened;
      else onDamaged({ file, offset });
    }
  }
}

/** Removes the entries of tokens, without the private key. Returns how many there were. No process may have the escrow open. */
export function eraseFromEscrow(directory: string, tokens: ReadonlySet<string>): number {
  let removed = 0;
  for (const file of escrowFiles(directory)) {
    const path = join(directory, file);
    const bytes = readFileSync(path);
    if (!isEscrowFile(bytes)) continue;
    const entries = [...entriesOf(bytes)];
    const kept = entries.filter(({ entry }) => !tokens.has(tokenOf(entry)));
    if (kept.length === entries.length) continue;
    removed += entries.length - kept.length;
    writeFileSync(`${path}.new`, Buffer.concat([bytes.subarray(0, HEADER_BYTES), ...kept.map(({ entry }) => entry)]), {
      mode: 0o600,
      flush: true,
    });
    renameSync(`${path}.new`, path);
  }
  return removed;
}

function escrowFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.escrow'))
      .sort();
  } catch (cause) {
    throw new LeakproofError('LP-FILE-UNREADABLE', `The escrow ${directory} cannot be read.`, { cause });
  }
}

function isEscrowFile(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

/** Views of the entries. Ends at one that a crash left incomplete. */
function* entriesOf(bytes: Buffer): Generator<{ readonly offset: number; readonly entry: Buffer }> {
  for (let offset = HEADER_BYTES; offset + HEAD_BYTES <= bytes.length;) {
    const end = offset + HEAD_BYTES + bytes.readUInt16LE(offset) + TAG_BYTES;
    if (end > bytes.length) return;
    yield { offset, entry: bytes.subarray(offset, end) };
    offset = end;
  }
}

function sessionKey(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'leakproof escrow 1', 32));
}

function nonceOf(head: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(4), head.subarray(HEAD_BYTES - 8, HEAD_BYTES)]);
}

function seal(secret: Buffer, counter: number, { token, owner }: EscrowEntry): Buffer {
  const text = Buffer.from(JSON.stringify([owner.kind, owner.space, owner.id]));
  const padded = Buffer.alloc(Math.ceil((text.length + 1) / PAD_BYTES) * PAD_BYTES, ' ');
  padded.set(text);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16LE(padded.length, 0);
  head.set(tokenBytes(token), 2);
  head.writeBigUInt64LE(BigInt(counter), 2 + TOKEN_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonceOf(head)).setAAD(head);
  return Buffer.concat([head, cipher.update(padded), cipher.final(), cipher.getAuthTag()]);
}

function unseal(secret: Buffer, entry: Buffer): EscrowEntry | undefined {
  const head = entry.subarray(0, HEAD_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, nonceOf(head), { authTagLength: TAG_BYTES }).setAAD(head);
    decipher.setAuthTag(entry.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(entry.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    const [kind, space, id] = JSON.parse(text.toString()) as [string, string, string];
    return { token: tokenOf(entry), owner: { kind, space, id } };
  } catch {
    return undefined;
  }
}

function tokenOf(entry: Buffer): string {
  return entry.subarray(2, 2 + TOKEN_BYTES).toString('base64url');
}

/** A token is 16 bytes in base64url; any other text is hashed. */
function tokenBytes(token: string): Buffer {
  const bytes = Buffer.from(token, 'base64url');
  return bytes.length === TOKEN_BYTES ? bytes : createHash('sha256').update(token).digest().subarray(0, TOKEN_BYTES);
}
