import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { CompiledContract } from '@leakproof/core';

/** A keyed digest for one proof. The key lives as long as the function and is written nowhere. */
export function makeDigest(): (text: string) => string {
  const key = randomBytes(32);
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** SHA-256 of the compiled contract, in hexadecimal: the name by which every part of Leakproof knows it. */
export function digestOf(contract: CompiledContract): string {
  return createHash('sha256').update(JSON.stringify(contract)).digest('hex');
}
