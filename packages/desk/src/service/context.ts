import type { AlertRule } from '@leakproof/alert';
import type { EpochMs } from '@leakproof/core';
import type { Store } from '@leakproof/store';
import type { Policy } from '../clocks/policy.ts';
import type { CountExposed } from '../account/count-exposed.ts';
import type { ReplayProof } from '../retest/replay-proof.ts';

/** What the program calls itself, and where. */
export interface Program {
  readonly name: string;
  /** Origin of the reporter's pages. */
  readonly reporterUrl: string;
  /** Origin of the staff's pages. */
  readonly staffUrl: string;
  /** Whether mail can be sent. */
  readonly hasMail: boolean;
  readonly rules: readonly AlertRule[];
}

/** A channel of security.txt that people have to open. */
export interface WatchedChannel {
  readonly name: string;
  /** Alarm after so many days without anybody opening it. */
  readonly days: number;
}

export interface DeskContext {
  readonly store: Store;
  readonly policy: Policy;
  readonly program: Program;
  readonly channels: readonly WatchedChannel[];
  readonly now: () => EpochMs;
  /** Runs proofs of our schema; absent: nothing is configured to run them against. */
  readonly replayProof?: ReplayProof | undefined;
  /** Counts exposed people; absent: there is no ledger. */
  readonly countExposed?: CountExposed | undefined;
}
