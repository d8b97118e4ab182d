import type { EpochMs } from '@leakproof/core';
import type { Counts } from '../cases/event.ts';

/** Which exposures are counted: those of one finding, in one period. */
export interface ExposureQuery {
  /** `Resource.field`; empty: every field. */
  readonly fields: readonly string[];
  readonly operations: readonly string[];
  readonly sinceMs?: EpochMs | undefined;
  readonly untilMs?: EpochMs | undefined;
}

export interface Exposed extends Counts {
  /** Tokens of the people. */
  readonly tokens: readonly string[];
}

/** Exposed people × class, by a ledger. Our own test identities are not people. */
export type CountExposed = (query: ExposureQuery) => Promise<Exposed>;
