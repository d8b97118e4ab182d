export type { Account, FieldAccount, OperationAccount, PrincipalAccount, Responses, Unread } from './account.ts';
export type { AccountFilter } from './account-filter.ts';
export { accountJson } from './account-json.ts';
export { foldAccount } from './fold-account.ts';
export { account } from './read-account.ts';
