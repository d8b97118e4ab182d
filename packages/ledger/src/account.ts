import type { EpochMs } from '@leakproof/core';

/** Whose data went to whom, by the records of a log. Owners and principals are tokens. */
export interface Account {
  readonly principals: readonly PrincipalAccount[];
  /** Responses that could not be judged, by code. Their contents are in no other figure. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly firstMs: EpochMs | undefined;
  readonly lastMs: EpochMs | undefined;
  readonly unread: Unread;
  /** The log has no record at all: that is no account of anything. */
  readonly isEmpty: boolean;
  /** Filters that match no record of the log, whatever its time: misspelt, or of nobody who was there. */
  readonly unmatched: readonly FilterName[];
}

export type FilterName = 'principal' | 'field' | 'operation' | 'server';

/** The part of the log that is in no figure. */
export interface Unread {
  /** Facts that the log could not record. */
  readonly factsNotRecorded: number;
  /** Damaged parts that were skipped. */
  readonly damaged: number;
  /** Records of another version. */
  readonly unknownRecords: number;
}

/** Whether the account says something: the log has records, and some of them match each filter. */
export function isAnswer({ isEmpty, unmatched }: Account): boolean {
  return !isEmpty && unmatched.length === 0;
}

export interface PrincipalAccount {
  readonly principal: { readonly kind: string; readonly token?: string };
  /** Distinct owners of whom data was released to the principal, `kind:token`. */
  readonly owners: ReadonlySet<string>;
  /** Of them, those that are not the principal itself. */
  readonly others: ReadonlySet<string>;
  readonly fields: readonly FieldAccount[];
  readonly operations: readonly OperationAccount[];
  readonly responses: Responses;
  /** Requests and responses that were refused, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly firstMs: EpochMs;
  readonly lastMs: EpochMs;
}

/** One field of one resource: the distinct owners for whom it was released or withheld. */
export interface FieldAccount {
  readonly resource: string;
  readonly field: string;
  readonly ownerKind: string;
  /** Released and allowed. */
  readonly seen: ReadonlySet<string>;
  /** Released and forbidden. */
  readonly exposed: ReadonlySet<string>;
  readonly withheld: ReadonlySet<string>;
  /** Of those released: only in responses that were not complete, so that the field may not have arrived. */
  readonly uncertain: ReadonlySet<string>;
}

export interface OperationAccount {
  readonly operation: string;
  readonly server: string;
  readonly owners: ReadonlySet<string>;
  readonly responses: Responses;
}

/** How responses ended. `unfinished`: no end is recorded, because of a crash or because they have not ended yet. */
export interface Responses {
  readonly complete: number;
  readonly cutOff: number;
  readonly unfinished: number;
}
