import type { AccessRecord, EpochMs, LogRecord, RefusalRecord, TokenizedFacts } from '@leakproof/core';
import type { Account, FieldAccount, OperationAccount, PrincipalAccount, Responses, Unread } from './account.ts';
import { type AccountFilter, isInPeriod, matchesField, matchesRecord, UnmatchedFilters } from './account-filter.ts';

const NOTHING_UNREAD: Unread = { factsNotRecorded: 0, damaged: 0, unknownRecords: 0 };

/** The account of some records. Memory grows with the distinct owners and with the responses that have not ended. */
export function foldAccount(records: Iterable<LogRecord>, filter: AccountFilter = {}): Account {
  const fold = new AccountFold(filter);
  for (const record of records) fold.add(record);
  return fold.finish();
}

type Ending = keyof Responses;
type ResponseCounts = Record<Ending, number>;
type Sets = { -readonly [K in 'seen' | 'exposed' | 'withheld']: Set<string> } & {
  /** Owners of whom the field was in a complete response. */
  readonly inComplete: Set<string>;
};

interface PrincipalFold {
  readonly principal: AccessRecord['principal'];
  readonly owners: Set<string>;
  readonly others: Set<string>;
  readonly fields: Map<string, { readonly facts: TokenizedFacts; readonly field: string; readonly sets: Sets }>;
  readonly operations: Map<
    string,
    { readonly record: AccessRecord; readonly owners: Set<string>; responses: ResponseCounts }
  >;
  readonly responses: ResponseCounts;
  readonly refusals: Record<string, number>;
  firstMs: EpochMs;
  lastMs: EpochMs;
}

/** Adds records one by one, in the order of the log. */
export class AccountFold {
  readonly #filter: AccountFilter;
  /** By request, the responses that have not ended. A response that is released in parts has a record for each part. */
  readonly #open = new Map<string, AccessRecord[]>();
  readonly #principals = new Map<string, PrincipalFold>();
  readonly #gaps: Record<string, number> = Object.create(null) as Record<string, number>;
  readonly #unmatched: UnmatchedFilters;
  #isEmpty = true;
  #firstMs: EpochMs | undefined;
  #lastMs: EpochMs | undefined;

  constructor(filter: AccountFilter) {
    this.#filter = filter;
    this.#unmatched = new UnmatchedFilters(filter);
  }

  add(record: LogRecord): void {
    this.#isEmpty = false;
    if (record.type === 'access' || record.type === 'refusal') this.#unmatched.see(record);
    if (record.type === 'end') {
      for (const request of record.requests) this.#end(request, record.ended === 'complete' ? 'complete' : 'cutOff');
      return;
    }
    if (!isInPeriod(this.#filter, record)) return;
    this.#firstMs = Math.min(this.#firstMs ?? record.time, record.time);
    this.#lastMs = Math.max(this.#lastMs ?? record.time, record.time);
    if (record.type === 'gap') this.#gaps[record.code] = (this.#gaps[record.code] ?? 0) + 1;
    else if (!matchesRecord(this.#filter, record)) return;
    else if (record.type === 'access') {
      const parts = this.#open.get(record.request);
      if (parts) parts.push(record);
      else this.#open.set(record.request, [record]);
    } else this.#refuse(record);
  }

  finish(unread: Unread = NOTHING_UNREAD): Account {
    for (const parts of this.#open.values()) this.#settle(parts, 'unfinished');
    this.#open.clear();
    const principals = [...this.#principals.values()].map(toAccount).filter(hasEntries);
    principals.sort((a, b) => b.others.size - a.others.size || b.owners.size - a.owners.size);
    return {
      principals,
      gaps: this.#gaps,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      unread,
      isEmpty: this.#isEmpty,
      unmatched: this.#unmatched.names,
    };
  }

  #end(request: string, ending: Ending): void {
    const parts = this.#open.get(request);
    if (!parts) return;
    this.#open.delete(request);
    this.#settle(parts, ending);
  }

  #refuse(record: RefusalRecord): void {
    const fold = this.#foldFor(record.principal, record.time);
    fold.refusals[record.code] = (fold.refusals[record.code] ?? 0) + 1;
  }

  /** Counts all parts of one response, once for each of their operations and principals. */
  #settle(parts: readonly AccessRecord[], ending: Ending): void {
    const counted = new Set<ResponseCounts>();
    for (const part of parts) for (const responses of this.#count(part, ending)) counted.add(responses);
    for (const responses of counted) responses[ending]++;
  }

  /** Counts the facts of a record. Returns where its response is to be counted; nowhere if no fact matches the filter. */
  #count(record: AccessRecord, ending: Ending): readonly ResponseCounts[] {
    const fold = this.#foldFor(record.principal, record.time);
    const key = JSON.stringify([record.server, record.operation]);
    let operation = fold.operations.get(key);
    if (!operation) fold.operations.set(key, (operation = { record, owners: new Set(), responses: noResponses() }));
    let matches = this.#filter.field === undefined;
    for (const facts of record.facts) {
      const owners = facts.tokens.map((token) => `${facts.owner}:${token}`);
      let isReleased = false;
      for (const kind of ['seen', 'exposed', 'withheld'] as const) {
        for (const field of facts[kind]) {
          if (!matchesField(this.#filter, facts, field)) continue;
          matches = true;
          const sets = fieldOf(fold, facts, field);
          addAll(sets[kind], owners);
          if (kind === 'withheld') continue;
          isReleased = true;
          if (ending === 'complete') addAll(sets.inComplete, owners);
        }
      }
      if (!isReleased) continue;
      addAll(fold.owners, owners);
      addAll(operation.owners, owners);
      if (!facts.relations.includes('self')) addAll(fold.others, owners);
    }
    return matches ? [operation.responses, fold.responses] : [];
  }

  #foldFor(principal: AccessRecord['principal'], time: EpochMs): PrincipalFold {
    const key = JSON.stringify([principal.kind, principal.token ?? null]);
    let fold = this.#principals.get(key);
    if (!fold) {
      fold = {
        principal,
        owners: new Set(),
        others: new Set(),
        fields: new Map(),
        operations: new Map(),
        responses: noResponses(),
        refusals: Object.create(null) as Record<string, number>,
        firstMs: time,
        lastMs: time,
      };
      this.#principals.set(key, fold);
    }
    fold.firstMs = Math.min(fold.firstMs, time);
    fold.lastMs = Math.max(fold.lastMs, time);
    return fold;
  }
}

function addAll(set: Set<string>, owners: readonly string[]): void {
  for (const owner of owners) set.add(owner);
}

function fieldOf(fold: PrincipalFold, facts: TokenizedFacts, field: string): Sets {
  const key = JSON.stringify([facts.resource, field, facts.owner]);
  let entry = fold.fields.get(key);
  if (!entry) {
    const sets = {
      seen: new Set<string>(),
      exposed: new Set<string>(),
      withheld: new Set<string>(),
      inComplete: new Set<string>(),
    };
    fold.fields.set(key, (entry = { facts, field, sets }));
  }
  return entry.sets;
}

function noResponses(): ResponseCounts {
  return { complete: 0, cutOff: 0, unfinished: 0 };
}

function toAccount(fold: PrincipalFold): PrincipalAccount {
  const fields = [...fold.fields.values()].map(
    ({ facts, field, sets: { seen, exposed, withheld, inComplete } }): FieldAccount => ({
      resource: facts.resource,
      field,
      ownerKind: facts.owner,
      seen,
      exposed,
      withheld,
      uncertain: new Set([...seen, ...exposed].filter((owner) => !inComplete.has(owner))),
    }),
  );
  fields.sort((a, b) => compare(`${a.resource}.${a.field}`, `${b.resource}.${b.field}`));
  const operations = [...fold.operations.values()]
    .map(({ record, owners, responses }): OperationAccount => ({
      operation: record.operation,
      server: record.server,
      owners,
      responses,
    }))
    .filter(({ responses }) => responses.complete + responses.cutOff + responses.unfinished > 0);
  operations.sort((a, b) => compare(a.operation, b.operation) || compare(a.server, b.server));
  const { principal, owners, others, responses, refusals, firstMs, lastMs } = fold;
  return { principal, owners, others, fields, operations, responses, refusals, firstMs, lastMs };
}

/** At least one response or refusal matches the filter. */
function hasEntries({ responses, refusals }: PrincipalAccount): boolean {
  return responses.complete + responses.cutOff + responses.unfinished > 0 || Object.keys(refusals).length > 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
