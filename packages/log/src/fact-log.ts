import type { ErrorCode } from '@leakproof/core';

/** The facts of one frame. The log does not decode the payload; `count` is the number of facts in it. */
export interface FactBlock {
  readonly count: number;
  readonly payload: Uint8Array;
}

/**
 * The operating system has the block (mode `within`), or it is on the disk (mode `strict`). The log's `node` and the sequence
 * identify the frame permanently; `segment` and `offset` are its position, unless that segment is abandoned later.
 */
export interface Receipt {
  readonly ok: true;
  readonly segment: number;
  readonly sequence: number;
  readonly offset: number;
}

/**
 * The log does not guarantee the block: release nothing. The block may still be found in the log later (what was written is a
 * superset of what was released). The log writes a `refused` frame with the number of refused facts.
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
  /** The current segment; 0 before the first append. */
  readonly segment: number;
  readonly refusing: AppendRefusal | undefined;
  /** Facts with a receipt since opening. */
  readonly recorded: number;
  /** Facts refused since opening. */
  readonly refused: number;
  /** Bytes that the operating system has, and that may not be on disk yet. */
  readonly unsyncedBytes: number;
  readonly syncs: number;
  /** Syncs that ended later than `syncWithinMs` after the oldest byte they covered. */
  readonly lateSyncs: number;
  /** Segments abandoned after a failed write or sync. */
  readonly abandoned: number;
  readonly repaired: Repair;
}

/** What `openLog` found and repaired at the end of the writer's last segment. */
export interface Repair {
  /** Bytes after the last whole frame, removed. */
  readonly tornBytes: number;
  /** Facts in removed frames with a readable header: none was acknowledged, unless the disk lost it. */
  readonly tornFacts: number;
  /** Damaged ranges before the last whole frame, left in place for `verifyLog` to report. */
  readonly damaged: number;
}

export interface FactLog {
  readonly directory: string;
  readonly writer: string;
  readonly node: string;
  /**
   * Queues the block; all blocks of one turn of the event loop are written by one call, after which the promises resolve. Never
   * rejects: a block that cannot be recorded resolves to a refusal. Throws LP-LOG-BLOCK for a count or payload beyond the limits
   * of the format. The payload is copied before this returns.
   */
  append(block: FactBlock): Promise<AppendResult>;
  /** Records that something was not recorded or not judged. */
  appendGap(gap: Gap): Promise<AppendResult>;
  /** Writes the queued blocks now, instead of at the end of the turn. */
  flush(): void;
  status(): LogStatus;
  /** Writes the queued blocks, syncs, seals the segment and releases the writer directory. Throws the code of what failed. */
  close(): Promise<void>;
}

/** A change in what the log guarantees. `refusing` and `recovered` alternate. */
export interface Trouble {
  readonly state: 'abandoned-segment' | 'refusing' | 'recovered';
  readonly code: ErrorCode;
  readonly detail: string;
}
