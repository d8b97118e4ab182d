import type { ErrorCode } from '@leakproof/core';

/** One frame's worth of facts. The log does not look into the payload; `count` is how many facts it stands for. */
export interface FactBlock {
  readonly count: number;
  readonly payload: Uint8Array;
}

/**
 * The block is with the operating system (mode `within`) or on the disk (mode `strict`). The log's `node` and the
 * sequence name the frame for good; `segment` and `offset` say where it stands, unless that segment is given up later.
 */
export interface Receipt {
  readonly ok: true;
  readonly segment: number;
  readonly sequence: number;
  readonly offset: number;
}

/**
 * The log does not vouch for the block: release nothing. It may still be found in the log later (what was written is a
 * superset of what was released), and the log writes a `refused` frame saying how many facts it turned away.
 */
export interface AppendRefusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: string;
}

export type AppendResult = Receipt | AppendRefusal;

/** Something that could not be recorded or judged. `reason` is a short code of the caller's, never a personal value. */
export interface Gap {
  readonly count: number;
  readonly reason: string;
}

export interface LogStatus {
  readonly writer: string;
  /** Hex; new for each writer directory, kept by all of its segments. */
  readonly node: string;
  /** The segment being written, 0 before the first append. */
  readonly segment: number;
  readonly refusing: AppendRefusal | undefined;
  /** Facts with a receipt since opening. */
  readonly recorded: number;
  /** Facts refused since opening. */
  readonly refused: number;
  /** Bytes handed to the operating system and not yet known to be on disk. */
  readonly unsyncedBytes: number;
  readonly syncs: number;
  /** Syncs that ended later than `syncWithinMs` after the oldest byte they covered. */
  readonly lateSyncs: number;
  /** Segments given up after a failed write or sync. */
  readonly abandoned: number;
  readonly repaired: Repair;
}

/** What opening found at the end of the writer's last segment. */
export interface Repair {
  /** Bytes behind the last whole frame, cut off. */
  readonly tornBytes: number;
  /** Facts in cut-off frames whose header could be read: none of them was ever acknowledged, unless the disk lost them. */
  readonly tornFacts: number;
  /** Damaged stretches before the last whole frame, left as they are for `verifyLog` to show. */
  readonly damaged: number;
}

export interface FactLog {
  readonly directory: string;
  readonly writer: string;
  readonly node: string;
  /**
   * Queues the block; all blocks of one turn of the event loop are written by one call, after which the promises
   * resolve. Never rejects: a block that cannot be recorded resolves to a Refusal. Throws LP-LOG-BLOCK for a count or
   * payload outside the format's limits. The payload is copied before this returns.
   */
  append(block: FactBlock): Promise<AppendResult>;
  /** Records that something was not recorded or not judged. */
  appendGap(gap: Gap): Promise<AppendResult>;
  /** Writes what is queued now rather than at the end of the turn. */
  flush(): void;
  status(): LogStatus;
  /** Writes what is queued, syncs, seals the segment and gives the writer directory back. Throws the code of what failed. */
  close(): Promise<void>;
}

/** A change in what the log can promise. `refusing` and `recovered` come in turns. */
export interface Trouble {
  readonly state: 'abandoned-segment' | 'refusing' | 'recovered';
  readonly code: ErrorCode;
  readonly detail: string;
}
