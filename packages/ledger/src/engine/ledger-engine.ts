import type { LogFrame, PassedOver } from '@leakproof/log';
import type { AccountFigures, PrincipalFigures } from '../account/figures.ts';
import type { Question } from './question.ts';

/** The queries of the ledger, by name: another engine implements them in one file, and the suite of the engines compares the answers. */
export interface Answers {
  readonly account: AccountFigures;
  /** Distinct owners of the fields that are asked for, released to the principals that are asked for. */
  readonly distinctOwners: number;
  /** The principals with the most distinct owners. */
  readonly topPrincipals: readonly Pick<PrincipalFigures, 'principal' | 'owners' | 'others'>[];
  /** Who saw the owner that is asked for. */
  readonly ownerHistory: readonly HistoryEntry[];
  /** Tokens of the distinct owners of released data. */
  readonly owners: readonly AffectedOwner[];
}

export interface HistoryEntry {
  readonly principal: { readonly kind: string; readonly token?: string };
  readonly operation: string;
  readonly resource: string;
  readonly seen: string;
  readonly exposed: string;
  readonly withheld: string;
  readonly times: number;
  readonly complete: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface AffectedOwner {
  readonly kind: string;
  readonly token: string;
  readonly records: number;
  /** Of them, those in which one of the fields that are asked for was released, though it is forbidden. */
  readonly exposed: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export type QueryName = keyof Answers;

export interface LedgerEngine {
  /** Adds a frame that is not in the columns yet. Idempotent: `(node, sequence)` identifies a frame. */
  put(frame: LogFrame): Promise<void>;
  putPassedOver(passed: PassedOver): void;
  ask<Name extends QueryName>(name: Name, question: Question): Promise<Answers[Name]>;
  close(): void;
}
