import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type CompiledContract, LeakproofError } from '@leakproof/core';
import type { ReadFile } from '@leakproof/core/authoring';

/** A contract ready to run, and the digest by which facts name it. */
export interface ContractFile {
  readonly contract: CompiledContract;
  readonly digest: string;
}

/** Reads files beside the one that names them; paths in messages are as short as the shell's. */
export const readBeside: ReadFile = (path, from) => {
  const file = from === undefined ? resolve(path) : resolve(dirname(from), path);
  try {
    return { file: relative(process.cwd(), file) || file, text: readFileSync(file, 'utf8') };
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new LeakproofError('LP-FILE-UNREADABLE', `${path} could not be read (${why}).`, { cause });
  }
};

/** Loads a contract: YAML as people write it, or the JSON of `contract build`. Throws LP-CONTRACT-INVALID, LP-FILE-UNREADABLE. */
export async function loadContractFile(path: string): Promise<ContractFile> {
  const built = path.endsWith('.json') ? builtContract(readBeside(path).text) : undefined;
  const { loadContractOrThrow } = await import('@leakproof/core/authoring');
  const contract = built ?? loadContractOrThrow(path, readBeside);
  return { contract, digest: digestOf(contract) };
}

/** SHA-256 of the compiled contract, in hexadecimal. */
export function digestOf(contract: CompiledContract): string {
  return createHash('sha256').update(JSON.stringify(contract)).digest('hex');
}

/** The output of `contract build` names its format; JSON that does not is a contract as people write it. */
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
