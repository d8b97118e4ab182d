import type { Account } from '../account.ts';
import type { AccountFigures } from '../account/figures.ts';

/** What the account in memory and the figures of an engine must agree on, in one form and order. */
export function comparable(account: Account | AccountFigures): unknown {
  const principals = account.principals.map(
    ({ principal, owners, others, fields, operations, responses, refusals }) => ({
      kind: principal.kind,
      owners: size(owners),
      others: size(others),
      fields: fields
        .map((each) => [
          each.resource,
          each.field,
          each.ownerKind,
          ...[each.seen, each.exposed, each.withheld, each.uncertain].map(size),
        ])
        .map((each) => JSON.stringify(each))
        .sort(),
      operations: operations
        .map((each) => JSON.stringify([each.operation, each.server, size(each.owners), each.responses]))
        .sort(),
      responses,
      refusals: { ...refusals },
    }),
  );
  const { gaps, unread, isEmpty, unmatched } = account;
  return {
    principals: principals.map((each) => JSON.stringify(each)).sort(),
    gaps: { ...gaps },
    unread,
    isEmpty,
    unmatched,
  };
}

function size(value: number | ReadonlySet<string>): number {
  return typeof value === 'number' ? value : value.size;
}
