import { createHash } from 'node:crypto';

const TOKEN = /^[A-Za-z0-9_-]{22}$/;
const SHORT = /^[0-9a-f]{16}$/;

/**
 * The first 8 bytes of a token of the log, as the signed integer of the columns. Two of n owners have the same with probability
 * n² / 2^65. A text that is no token (22 characters of base64url) is hashed first.
 */
export function token64(token: string): bigint {
  if (SHORT.test(token)) return BigInt.asIntN(64, BigInt(`0x${token}`));
  const bytes = TOKEN.test(token)
    ? Buffer.from(token.slice(0, 11), 'base64url')
    : createHash('sha256').update(token).digest();
  return bytes.readBigInt64BE(0);
}

/** A token of the log as the columns and their answers print it. */
export function shownToken(token: string): string {
  return showToken64(token64(token));
}

/** How tokens of the columns are printed: 16 hexadecimal digits, which `token64` reads again. */
export function showToken64(token: bigint): string {
  return BigInt.asUintN(64, token).toString(16).padStart(16, '0');
}
