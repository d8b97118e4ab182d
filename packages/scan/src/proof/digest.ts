import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type CompiledContract, contractDigest, type Sha256 } from '@leakproof/core';

/** HMAC-SHA-256 under a random key that is written nowhere, for the values of one proof. */
export function makeDigest(): (text: string) => string {
  const key = randomBytes(32);
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** The name by which every part of Leakproof knows a contract. */
export function digestOf(contract: CompiledContract): string {
  return contractDigest(contract, sha256);
}

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
