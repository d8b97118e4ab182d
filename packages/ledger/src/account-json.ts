import type { Account } from './account.ts';

/** An account as it is printed: with the sizes of its sets in place of the sets. */
export function accountJson(account: Account): unknown {
  return {
    ...account,
    principals: account.principals.map((each) => ({
      ...each,
      owners: each.owners.size,
      others: each.others.size,
      fields: each.fields.map((field) => ({
        ...field,
        seen: field.seen.size,
        exposed: field.exposed.size,
        withheld: field.withheld.size,
        uncertain: field.uncertain.size,
      })),
      operations: each.operations.map((operation) => ({ ...operation, owners: operation.owners.size })),
    })),
  };
}
