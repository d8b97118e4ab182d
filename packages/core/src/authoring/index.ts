export { loadContract, loadContractOrThrow, type Loaded } from './compile/load-contract.ts';
export { whyNotSentOn } from './read/request-header-names.ts';
export type { Problem } from './read/document.ts';
export { type Change, diffContracts, widens } from './diff/diff.ts';
export { type CaseResult, type Difference, runCase } from './cases/run-case.ts';
export { undecidedRules, type UndecidedRule } from './show/undecided-rules.ts';
export { showPlain } from './show/show.ts';
export { ContractSource, type CaseSource } from './read/source.ts';
export type { ReadFile } from './read/sources.ts';
