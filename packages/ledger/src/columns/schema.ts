/**
 * The columns of the Parquet files (docs/decisions/0030). Types that Spark and Trino read: no unsigned integers, no lists. A list
 * of names is one text, joined by commas, with `%` and `,` inside a name percent-encoded.
 */
export const FORMAT = 'leakproof-facts-1';

/** Texts that most rows share. A row of the staging table refers to a row of these. */
export const SHAPE_COLUMNS = [
  ['node', 'VARCHAR'],
  ['server', 'VARCHAR'],
  ['operation', 'VARCHAR'],
  ['principal_kind', 'VARCHAR'],
  ['owner_kind', 'VARCHAR'],
  ['role', 'VARCHAR'],
  ['about', 'BOOLEAN'],
  ['resource', 'VARCHAR'],
  ['relations', 'VARCHAR'],
  ['states', 'VARCHAR'],
  ['seen', 'VARCHAR'],
  ['exposed', 'VARCHAR'],
  ['withheld', 'VARCHAR'],
  ['undeclared', 'INTEGER'],
  ['contract', 'VARCHAR'],
  ['mode', 'VARCHAR'],
] as const;

/** A row for each request, owner and set of fields; `owner` and `resource` are null for a response without facts. */
export const FACT_COLUMNS = [
  ['ts', 'TIMESTAMPTZ'],
  ['request', 'BIGINT'],
  ['principal', 'BIGINT'],
  ['owner', 'BIGINT'],
  ...SHAPE_COLUMNS,
  ['ended', 'VARCHAR'],
] as const;

/** What is no fact: refusals, gaps, ends of responses that were rolled before, and what could not be read. */
export const EVENT_COLUMNS = [
  ['ts', 'TIMESTAMPTZ'],
  ['type', 'VARCHAR'],
  ['node', 'VARCHAR'],
  ['request', 'BIGINT'],
  ['server', 'VARCHAR'],
  ['operation', 'VARCHAR'],
  ['principal_kind', 'VARCHAR'],
  ['principal', 'BIGINT'],
  ['code', 'VARCHAR'],
  ['count', 'BIGINT'],
  ['writer', 'VARCHAR'],
  ['segment', 'BIGINT'],
  ['position', 'BIGINT'],
] as const;

/** How a response ended: in `ended`, and in `code` of an `end`. */
export const ENDED = ['unfinished', 'complete', 'cut-off'] as const;
export type Ended = (typeof ENDED)[number];

export type EventType =
  | 'refusal'
  | 'gap'
  | 'end'
  | 'not-recorded' /* facts that the log could not record */
  | 'damaged'
  | 'unknown-record'
  | 'impossible-time'; /* counted under the time of its frame */

export interface EventRow {
  readonly us: number;
  readonly type: EventType;
  readonly node: string;
  readonly request?: number | undefined;
  readonly server?: string | undefined;
  readonly operation?: string | undefined;
  readonly principalKind?: string | undefined;
  readonly principal?: bigint | undefined;
  readonly code?: string | undefined;
  readonly count: number;
  readonly writer: string;
  readonly segment: number;
  readonly position: number;
}

export function joinNames(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
}

/** A list of columns for `create table`, or their names only. */
export function columnList(columns: readonly (readonly [string, string])[], withTypes = false): string {
  return columns.map(([name, type]) => (withTypes ? `"${name}" ${type}` : `"${name}"`)).join(', ');
}
