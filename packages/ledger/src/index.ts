export {
  type Account,
  type FieldAccount,
  type FilterName,
  isAnswer,
  isComplete,
  type OperationAccount,
  type PrincipalAccount,
  type Responses,
  type Unread,
} from './account.ts';
export type { AccountFilter } from './account-filter.ts';
export { accountJson } from './account-json.ts';
export { accountTable, type Paint } from './account-table.ts';
export { foldAccount } from './fold-account.ts';
export { account } from './read-account.ts';
