import { createHash } from 'node:crypto';
import type { CompiledContract } from '@leakproof/core';
import { readBeside } from './read-file.ts';

/** A contract ready to run, and the digest by which records of the log name it. */
export interface ContractFile {
  readonly contract: CompiledContract;
  readonly digest: string;
}

/** Loads a contract: YAML, or the JSON of `contract build`. Throws LP-CONTRACT-INVALID, LP-FILE-UNREADABLE. */
export async function loadContractFile(path: string): Promise<ContractFile> {
  const built = path.endsWith('.json') ? builtContract(readBeside(path).text) : undefined;
  const { loadContractOrThrow } = await import('@leakproof/core/authoring');
  const contract = built ?? loadContractOrThrow(path, readBeside);
  return { contract, digest: digestOf(contract) };
}

/** SHA-256 of the compiled contract, in hexadecimal. */
function digestOf(contract: CompiledContract): string {
  return createHash('sha256').update(JSON.stringify(contract)).digest('hex');
}

/** The contract if the text is the output of `contract build`, which has `format: 1`. Nothing else of it is checked. */
function builtContract(text: string): CompiledContract | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'format' in value && value.format === 1
      ? (value as CompiledContract)
      : undefined;
  } catch {
    return undefined;
  }
}
