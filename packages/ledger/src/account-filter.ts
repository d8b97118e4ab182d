import type { AccessRecord, EpochMs, LogRecord, RefusalRecord, TokenizedFacts } from '@leakproof/core';
import type { FilterName } from './account.ts';

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

type RecordNames = Pick<AccessRecord, 'principal'> & {
  readonly operation: string | undefined;
  readonly server: string | undefined;
};

export function matchesRecord(filter: AccountFilter, record: RecordNames): boolean {
  return matchesPrincipal(filter, record) && matchesOperation(filter, record) && matchesServer(filter, record);
}

function matchesPrincipal({ principal }: AccountFilter, { principal: { kind, token } }: RecordNames): boolean {
  return principal === undefined || principal === (token ?? kind);
}

/** The record of a GraphQL request names all its operations. */
function matchesOperation({ operation }: AccountFilter, record: RecordNames): boolean {
  return operation === undefined || (record.operation ?? '').split(',').includes(operation);
}

function matchesServer({ server }: AccountFilter, record: RecordNames): boolean {
  return server === undefined || server === record.server;
}

/** The filters that have matched no record yet. */
export class UnmatchedFilters {
  readonly #filter: AccountFilter;
  readonly #open: Set<FilterName>;

  constructor(filter: AccountFilter) {
    this.#filter = filter;
    this.#open = new Set(FILTER_NAMES.filter((name) => filter[name] !== undefined));
    // A word of the product, which cannot be misspelt.
    if (filter.principal === 'anonymous') this.#open.delete('principal');
  }

  get names(): FilterName[] {
    return [...this.#open];
  }

  see(record: AccessRecord | RefusalRecord): void {
    if (this.#open.size === 0) return;
    const filter = this.#filter;
    if (matchesPrincipal(filter, record)) this.#open.delete('principal');
    if (matchesOperation(filter, record)) this.#open.delete('operation');
    if (matchesServer(filter, record)) this.#open.delete('server');
    if (record.type === 'access' && record.facts.some((facts) => hasField(filter, facts))) this.#open.delete('field');
  }
}

const FILTER_NAMES: readonly FilterName[] = ['principal', 'field', 'operation', 'server'];

function hasField(filter: AccountFilter, facts: TokenizedFacts): boolean {
  return [facts.seen, facts.exposed, facts.withheld].some((fields) =>
    fields.some((field) => matchesField(filter, facts, field)),
  );
}

export function matchesField(filter: AccountFilter, facts: TokenizedFacts, field: string): boolean {
  return filter.field === undefined || filter.field === field || filter.field === `${facts.resource}.${field}`;
}
