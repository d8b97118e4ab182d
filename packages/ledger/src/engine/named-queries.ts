import { showToken64 } from '../columns/token64.ts';
import type { Row } from './duck.ts';
import type { Sources } from './duck-engine.ts';
import type { Answers } from './ledger-engine.ts';
import { has, hasField, onFacts, type Question, released, where } from './question.ts';

const MS = (expression: string): string => `epoch_us(${expression}) // 1000`;

export function number(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  return value === null || value === undefined ? '' : String(value);
}

export function principalOf(row: Row): { readonly kind: string; readonly token?: string } {
  const token = row['principal'];
  const kind = text(row, 'principal_kind');
  return typeof token === 'bigint' ? { kind, token: showToken64(token) } : { kind };
}

export async function distinctOwners({ duck, facts }: Sources, question: Question): Promise<Answers['distinctOwners']> {
  const conditions = [...onFacts(question), released(question)];
  return duck.number(`select count(distinct owner) from ${facts} ${where(conditions)}`);
}

/** Exact: the pairs of principal and owner are grouped, then counted. */
export async function topPrincipals({ duck, facts }: Sources, question: Question): Promise<Answers['topPrincipals']> {
  const conditions = [...onFacts(question), released(question), 'owner is not null'];
  const rows = await duck.rows(`select principal_kind, principal, count(*) as owners, count(*) filter (other) as others
    from (select principal_kind, principal, owner, bool_or(not ${has('relations', 'self')}) as other
      from ${facts} ${where(conditions)} group by principal_kind, principal, owner)
    group by all order by others desc, owners desc, principal limit ${question.top ?? 20}`);
  return rows.map((row) => ({
    principal: principalOf(row),
    owners: number(row, 'owners'),
    others: number(row, 'others'),
  }));
}

export async function ownerHistory({ duck, facts }: Sources, question: Question): Promise<Answers['ownerHistory']> {
  const rows = await duck.rows(`select principal_kind, principal, "operation", resource, seen, exposed, withheld,
      count(*) as times, count(*) filter (ended = 'complete') as complete, ${MS('min(ts)')} as first, ${MS('max(ts)')} as last
    from ${facts} ${where(onFacts(question))} group by all order by first, principal, "operation", resource, seen`);
  return rows.map((row) => ({
    principal: principalOf(row),
    operation: text(row, 'operation'),
    resource: text(row, 'resource'),
    seen: text(row, 'seen'),
    exposed: text(row, 'exposed'),
    withheld: text(row, 'withheld'),
    times: number(row, 'times'),
    complete: number(row, 'complete'),
    firstMs: number(row, 'first'),
    lastMs: number(row, 'last'),
  }));
}

export async function owners({ duck, facts }: Sources, question: Question): Promise<Answers['owners']> {
  const rows =
    await duck.rows(`select owner_kind, owner, count(*) as records, count(*) filter (${hasField('exposed', question.fields)}) as exposed,
      ${MS('min(ts)')} as first, ${MS('max(ts)')} as last
    from ${facts} ${where([...onFacts(question), released(question), 'owner is not null'])} group by all order by owner`);
  return rows.map((row) => ({
    kind: text(row, 'owner_kind'),
    token: typeof row['owner'] === 'bigint' ? showToken64(row['owner']) : '',
    records: number(row, 'records'),
    exposed: number(row, 'exposed'),
    firstMs: number(row, 'first'),
    lastMs: number(row, 'last'),
  }));
}
