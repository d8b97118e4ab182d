export { run } from './run.ts';
export { loadContractFile } from './contract-file.ts';
