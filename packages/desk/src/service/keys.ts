import { createHash, randomBytes } from 'node:crypto';

/** Crockford's alphabet: no letter that is read as another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `D-` and ten letters: 50 random bits. */
export function newCaseId(): string {
  return `D-${randomText(10)}`;
}

/** A return key: 130 random bits in groups. Whoever has it is the reporter; only its digest is kept. */
export function newKey(): string {
  return (randomText(26).match(/.{1,6}/g) ?? []).join('-');
}

/** SHA-256 in hex. Keys are random, so they need no slow digest. Spaces, dashes and small letters are no difference. */
export function keyHash(key: string): string {
  return createHash('sha256')
    .update(key.toUpperCase().replaceAll(/[^0-9A-Z]/g, ''))
    .digest('hex');
}

export function newId(): string {
  return randomText(16).toLowerCase();
}

function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
