import { randomBytes } from 'node:crypto';
import { claimWriter } from './claim-writer.ts';
import { type Disk, turnDisk } from './disk.ts';
import type { FactLog, Trouble } from './fact-log.ts';
import { NODE_BYTES } from './format.ts';
import { checksumSeed } from './frame.ts';
import { LogWriter } from './log-writer.ts';
import { recoverWriter } from './recover-writer.ts';
import { MAX_PREALLOCATED_BYTES } from './segment.ts';
import { unreadable } from './unreadable.ts';

export interface OpenLogOptions {
  /** The log's directory, created if it does not exist. Several processes may share it, each with its own `w-<n>`. */
  readonly directory: string;
  /** Milliseconds since 1970, for the times in frames. */
  readonly now: () => number;
  /** `within` (default) acknowledges blocks that the operating system has, `strict` blocks that are on the disk. */
  readonly sync?: 'within' | 'strict';
  /** In mode `within`: longest time until acknowledged facts are on the disk, as far as the disk keeps up. Default 50. */
  readonly syncWithinMs?: number;
  /** A block that has no receipt after this time is refused with LP-LOG-SLOW. Default 1000. */
  readonly answerWithinMs?: number;
  /** How often a log that refuses retries. Default 250. */
  readonly retryEveryMs?: number;
  /** A segment is sealed, and the next one begun, before it grows beyond this. Default 64 MiB. */
  readonly segmentBytes?: number;
  /**
   * In mode `strict`: how many zeros are written after the frames in advance, at most 1 MiB, so that few syncs change the length
   * of the file. 0 for a file system that copies on write. Default 256 KiB.
   */
  readonly preallocateBytes?: number;
  /** Memory for frames that are not on disk yet; beyond it blocks are refused with LP-LOG-SLOW. Default 64 MiB. */
  readonly maxUnsyncedBytes?: number;
  /** `turnDisk` (default) writes synchronously, `poolDisk` never blocks the event loop. */
  readonly disk?: Disk;
  /** Called when the log begins to refuse, recovers, or abandons a segment. Must not throw. */
  readonly onTrouble?: (trouble: Trouble) => void;
}

const MIB = 1024 * 1024;

/**
 * Locks a writer directory, repairs the end of its last segment, and returns a log to append to. Reads that segment once,
 * synchronously. Throws LP-LOG-LOCKED, LP-LOG-FULL, LP-LOG-WRITE or LP-FILE-UNREADABLE. No segment is created before the first append.
 */
export function openLog(options: OpenLogOptions): FactLog {
  const claimed = claimWriter(options.directory);
  try {
    const recovered = recoverWriter(claimed.directory);
    const node = recovered.node ?? randomBytes(NODE_BYTES);
    return new LogWriter({
      directory: claimed.directory,
      writer: claimed.name,
      node,
      seed: checksumSeed(node),
      recovered,
      now: options.now,
      clockMs: () => performance.now(),
      disk: options.disk ?? turnDisk,
      strict: options.sync === 'strict',
      syncWithinMs: options.syncWithinMs ?? 50,
      answerWithinMs: options.answerWithinMs ?? 1000,
      retryEveryMs: options.retryEveryMs ?? 250,
      segmentBytes: options.segmentBytes ?? 64 * MIB,
      preallocateBytes:
        options.sync === 'strict' ? Math.min(options.preallocateBytes ?? MIB / 4, MAX_PREALLOCATED_BYTES) : 0,
      maxUnsyncedBytes: options.maxUnsyncedBytes ?? 64 * MIB,
      onTrouble: options.onTrouble ?? (() => undefined),
      release: () => claimed.lock.release(),
    });
  } catch (error) {
    claimed.lock.release();
    throw unreadable(options.directory, error);
  }
}
