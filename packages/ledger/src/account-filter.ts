import type { AccessRecord, EpochMs, LogRecord, TokenizedFacts } from '@leakproof/core';

/** What an account is limited to; a record must match all of it. */
export interface AccountFilter {
  /** Token of the principal, or `anonymous`. */
  readonly principal?: string | undefined;
  /** `User.age`, or `age` for every resource. */
  readonly field?: string | undefined;
  readonly operation?: string | undefined;
  readonly server?: string | undefined;
  /** Inclusive. */
  readonly sinceMs?: EpochMs | undefined;
  /** Exclusive. */
  readonly untilMs?: EpochMs | undefined;
}

export function isInPeriod(filter: AccountFilter, record: LogRecord): boolean {
  return (
    (filter.sinceMs === undefined || record.time >= filter.sinceMs) &&
    (filter.untilMs === undefined || record.time < filter.untilMs)
  );
}

export function matchesRecord(
  filter: AccountFilter,
  record: Pick<AccessRecord, 'principal'> & {
    readonly operation: string | undefined;
    readonly server: string | undefined;
  },
): boolean {
  return (
    (filter.principal === undefined || filter.principal === (record.principal.token ?? record.principal.kind)) &&
    // The record of a GraphQL request names all its operations.
    (filter.operation === undefined || (record.operation ?? '').split(',').includes(filter.operation)) &&
    (filter.server === undefined || filter.server === record.server)
  );
}

export function matchesField(filter: AccountFilter, facts: TokenizedFacts, field: string): boolean {
  return filter.field === undefined || filter.field === field || filter.field === `${facts.resource}.${field}`;
}
