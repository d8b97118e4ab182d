export { loadContract, loadContractOrThrow, type Loaded } from './compile.ts';
export type { Problem } from './document.ts';
export { type Change, diffContracts, widens } from './diff.ts';
export { type CaseResult, type Difference, runCase } from './run-case.ts';
export { showPlain } from './show.ts';
export { ContractSource, type CaseSource } from './source.ts';
export type { ReadFile } from './sources.ts';
