import type { FilterName, Responses, Unread } from '../account.ts';
import type { ColumnBreak } from '../columns/verify-columns.ts';

/** What is printed of an account: numbers, all of them exact unless `bound` is set. Owners and principals are tokens. */
export interface AccountFigures {
  readonly totals: Totals;
  /** Those with the most others first, at most as many as were asked for. */
  readonly principals: readonly PrincipalFigures[];
  readonly principalCount: number;
  /** Over all principals. */
  readonly fields: readonly FieldFigures[];
  /** Distinct owners of released data and rows, by UTC day. */
  readonly days: readonly DayFigures[];
  /** Responses that could not be judged, by code. Their contents are in no other figure. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly gapPeriods: readonly GapPeriod[];
  readonly unread: Unread;
  /** Where something could not be read. */
  readonly problems: readonly Problem[];
  readonly isEmpty: boolean;
  readonly unmatched: readonly FilterName[];
  /** Rows of principals that are marked as the reporter's or the scanner's. */
  readonly leftOut: number;
  /** Set while a rotation of the key is not complete: a person may have two tokens, so that owners are counted twice. */
  readonly bound: string | undefined;
}

export interface Totals {
  readonly owners: number;
  /** Without those who received only their own data. */
  readonly others: number;
  /** Requests × owners × sets of fields. */
  readonly records: number;
  readonly fields: number;
  readonly responses: Responses;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

export interface PrincipalFigures {
  readonly principal: { readonly kind: string; readonly token?: string };
  /** Distinct owners of whom data was released to the principal. */
  readonly owners: number;
  /** Of them, those that are not the principal itself. */
  readonly others: number;
  readonly fields: readonly FieldFigures[];
  readonly operations: readonly OperationFigures[];
  readonly responses: Responses;
  /** Requests and responses that were refused, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Distinct owners of one field: released, released and allowed, released and forbidden, withheld, and released only in responses without a recorded complete end. */
export interface FieldFigures {
  readonly resource: string;
  readonly field: string;
  readonly ownerKind: string;
  readonly released: number;
  readonly seen: number;
  readonly exposed: number;
  readonly withheld: number;
  readonly uncertain: number;
}

export interface OperationFigures {
  readonly operation: string;
  readonly server: string;
  readonly owners: number;
  readonly responses: Responses;
}

export interface DayFigures {
  readonly day: string;
  readonly owners: number;
  readonly records: number;
}

/** A code, and from when to when responses were not judged for it. */
export interface GapPeriod {
  readonly code: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Something that is in no figure. `count` facts, as far as known. */
export interface Problem {
  readonly why: ColumnBreak['why'] | 'damaged' | 'unknown-record' | 'impossible-time';
  readonly file: string;
  readonly offset: number;
  readonly count: number;
}

/** Whether everything that happened is in the figures; otherwise they are lower bounds. */
export function isWhole({ unread, gaps, problems, bound }: AccountFigures): boolean {
  return (
    Object.values(unread).every((count) => count === 0) &&
    Object.keys(gaps).length === 0 &&
    problems.every(({ why }) => why === 'impossible-time') &&
    bound === undefined
  );
}

/** Whether the account answers the question: the log has records, and some of them match each filter. */
export function answers({ isEmpty, unmatched }: AccountFigures): boolean {
  return !isEmpty && unmatched.length === 0;
}
