import { type CompiledContract, LeakproofError } from '@leakproof/core';
import { digestOf } from './digest.ts';
import { Proof } from './proof.ts';

/** Reads a proof file. Throws LP-PROOF-INVALID if it is not valid, or was made with another contract. */
export function readProof(text: string, contract: CompiledContract, file?: string): Proof {
  const parsed = Proof.safeParse(jsonOf(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${issue?.path.map(String).join('.') || 'It'}: ${issue?.message ?? 'not valid'}`, file);
  }
  if (parsed.data.contract !== digestOf(contract))
    throw wrong('It was made with another contract, which may allow something else.', file);
  return parsed.data;
}

function jsonOf(text: string, file: string | undefined): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong('It is not JSON.', file);
  }
}

function wrong(detail: string, file: string | undefined): LeakproofError {
  return new LeakproofError('LP-PROOF-INVALID', detail, { where: { file } });
}
