import { createHash } from 'node:crypto';
import { contractDigest, readCompiled, type ReadContract, type Sha256 } from '@leakproof/core';
import { readBeside } from './read-file.ts';

/** A contract ready to run, and the digest by which records of the log name it. */
export type ContractFile = ReadContract;

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** Loads a contract: YAML, or the JSON of `contract build`. Throws LP-CONTRACT-INVALID, LP-FILE-UNREADABLE. */
export async function loadContractFile(path: string): Promise<ContractFile> {
  if (path.endsWith('.json')) {
    const { file, text } = readBeside(path);
    const compiled = readCompiled(text, { file, sha256 });
    if (compiled) return compiled;
  }
  const { loadContractOrThrow } = await import('@leakproof/core/authoring');
  const contract = loadContractOrThrow(path, readBeside);
  return { contract, digest: contractDigest(contract, sha256) };
}
