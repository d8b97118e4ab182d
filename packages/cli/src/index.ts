export { run } from './run.ts';
export { type ContractFile, loadContractFile } from './contract-file.ts';
