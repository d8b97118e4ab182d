import { LeakproofError } from '../../errors.ts';
import type { CompiledContract } from '../../contract/compiled.ts';
import type { Problem } from '../read/document.ts';
import type { CaseSource } from '../read/source.ts';
import { type ReadFile, readSources } from '../read/sources.ts';
import { compile } from './compile.ts';
import { Compiling } from './compiling.ts';

/** A contract read from its files. With any error there is no contract: it never loads half. */
export interface Loaded {
  readonly contract: CompiledContract | undefined;
  readonly tests: readonly CaseSource[];
  readonly problems: readonly Problem[];
}

/** Reads, checks and compiles a contract and what it includes. Throws only what `read` throws. */
export function loadContract(path: string, read: ReadFile): Loaded {
  const sources = readSources(path, read);
  if (!sources.contract || sources.problems.some((each) => each.severity === 'error')) {
    return { contract: undefined, tests: [], problems: sources.problems };
  }
  const compiling = new Compiling(sources, sources.contract, read);
  const contract = compile(compiling);
  const failed = compiling.problems.some((each) => each.severity === 'error');
  return { contract: failed ? undefined : contract, tests: sources.contract.tests ?? [], problems: compiling.problems };
}

/** The same, for those who can go no further without one. Throws LP-CONTRACT-INVALID at the first place that is wrong. */
export function loadContractOrThrow(path: string, read: ReadFile): CompiledContract {
  const { contract, problems } = loadContract(path, read);
  if (contract) return contract;
  const errors = problems.filter((each) => each.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new LeakproofError('LP-CONTRACT-INVALID', `${first?.message ?? 'The contract is not valid.'}${more}`, {
    where: first?.where,
    fix: first?.fix,
  });
}
