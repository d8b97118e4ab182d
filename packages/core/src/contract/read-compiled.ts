import { LeakproofError } from '../errors.ts';
import type { CompiledContract } from './compiled.ts';
import { checkCompiled } from './check-compiled.ts';
import { readCondition } from './condition.ts';
import { contractDigest, type Sha256 } from './contract-digest.ts';

export interface ReadCompiledOptions {
  /** Named in messages. */
  readonly file?: string;
  readonly sha256: Sha256;
  /** The digest that the contract must have, where it comes from a place that is trusted less than this one. */
  readonly digest?: string;
}

export interface ReadContract {
  readonly contract: CompiledContract;
  readonly digest: string;
}

/**
 * Reads the JSON of `contract build`. Undefined: it does not name a compiled format, so it may be a contract as people write it.
 * Throws LP-CONTRACT-INVALID for another version of the format, for a part that is not what the format says, for a condition
 * that cannot be read, and for another digest than the one asked for.
 */
export function readCompiled(text: string, { file, sha256, digest }: ReadCompiledOptions): ReadContract | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
  const fail = (detail: string, fix: string): never => {
    throw new LeakproofError('LP-CONTRACT-INVALID', detail, { where: { file }, fix });
  };
  if (value.format !== 2)
    fail(
      `The compiled contract has format ${JSON.stringify(value.format)}; this version reads format 2.`,
      'Build it again with `leakproof contract build`.',
    );
  const problem = checkCompiled(value) ?? conditionProblem(value as CompiledContract);
  if (problem !== undefined)
    fail(
      `${problem} of the compiled contract is not as this version builds it.`,
      'Build it again with `leakproof contract build`.',
    );
  const contract = value as CompiledContract;
  const found = contractDigest(contract, sha256);
  if (digest !== undefined && digest !== found)
    fail(
      `The contract has the digest ${found}, not ${digest}.`,
      'Deploy the contract that was approved, or approve this one.',
    );
  return { contract, digest: found };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a condition is that is no CEL, or that reads other fields than it lists. */
function conditionProblem({ relations, states }: CompiledContract): string | undefined {
  for (const [section, rules] of [
    ['relations', relations],
    ['states', states],
  ] as const) {
    for (const [name, rule] of Object.entries(rules)) {
      const conditions = [...('when' in rule && rule.when ? [rule.when] : []), ...Object.values(rule.object ?? {})];
      for (const condition of conditions) if (!isReadable(condition)) return `/${section}/${name}`;
    }
  }
  return undefined;
}

function isReadable({ cel, reads }: { readonly cel: string; readonly reads: readonly (readonly string[])[] }): boolean {
  try {
    return JSON.stringify(readCondition(cel).reads) === JSON.stringify(reads);
  } catch {
    return false;
  }
}
