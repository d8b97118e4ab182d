import { encodeText } from '../wire/encode-text.ts';
import type { CompiledContract } from './compiled.ts';

/** SHA-256 of some bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The name by which facts, proofs and reports know a contract: SHA-256 of its compiled JSON, in hexadecimal. */
export function contractDigest(contract: CompiledContract, sha256: Sha256): string {
  const digest = sha256(encodeText(JSON.stringify(contract)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
