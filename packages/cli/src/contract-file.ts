import { createHash } from 'node:crypto';
import { contractDigest, type ReadContract, readCompiled } from '@leakproof/core';
import { readBeside } from './read-file.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Loads a contract: YAML, or the JSON of `contract build`. Throws LP-CONTRACT-INVALID, LP-FILE-UNREADABLE. */
export async function loadContractFile(path: string): Promise<ReadContract> {
  const built = path.endsWith('.json') ? readCompiled(readBeside(path).text, { file: path, sha256 }) : undefined;
  if (built) return built;
  const { loadContractOrThrow } = await import('@leakproof/core/authoring');
  const contract = loadContractOrThrow(path, readBeside);
  return { contract, digest: contractDigest(contract, sha256) };
}
