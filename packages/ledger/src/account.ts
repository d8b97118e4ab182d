import type { EpochMs } from '@leakproof/core';

/** Whose data went to whom, as far as the log tells. Owners and principals are tokens. */
export interface Account {
  readonly principals: readonly PrincipalAccount[];
  /** Responses that could not be judged, by code: what went past in them is in no other figure. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly firstMs: EpochMs | undefined;
  readonly lastMs: EpochMs | undefined;
  readonly unread: Unread;
}

/** What of the log is in no figure. */
export interface Unread {
  /** Facts the log itself had to refuse, or was told were lost. */
  readonly factsNotRecorded: number;
  /** Damaged stretches that were passed over. */
  readonly damaged: number;
  /** Records of another version. */
  readonly unknownRecords: number;
}

export interface PrincipalAccount {
  readonly principal: { readonly kind: string; readonly token?: string };
  /** Distinct owners of whom something was released to it, `kind:token`. */
  readonly owners: ReadonlySet<string>;
  /** Of them, those that are not the principal itself. */
  readonly others: ReadonlySet<string>;
  readonly fields: readonly FieldAccount[];
  readonly operations: readonly OperationAccount[];
  readonly responses: Responses;
  /** Requests and responses that were turned away, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly firstMs: EpochMs;
  readonly lastMs: EpochMs;
}

/** One field of one resource: the distinct owners for whom it was released or withheld. */
export interface FieldAccount {
  readonly resource: string;
  readonly field: string;
  readonly ownerKind: string;
  /** Released, as the contract allows. */
  readonly seen: ReadonlySet<string>;
  /** Released, though the contract forbids it. */
  readonly exposed: ReadonlySet<string>;
  readonly withheld: ReadonlySet<string>;
  /** Of those released: only in responses that did not end, so that the field may never have arrived. */
  readonly uncertain: ReadonlySet<string>;
}

export interface OperationAccount {
  readonly operation: string;
  readonly server: string;
  readonly owners: ReadonlySet<string>;
  readonly responses: Responses;
}

/** How responses ended. `unfinished`: their end was never written; a crash, or they are still under way or just done. */
export interface Responses {
  readonly complete: number;
  readonly cutOff: number;
  readonly unfinished: number;
}
