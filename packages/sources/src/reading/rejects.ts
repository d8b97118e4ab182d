import type { Reject } from './reader.ts';
import type { RejectCode } from './reject-codes.ts';

/** The rejects of one source. Lost parts are tallied by code with the first place they were met, so they stay few. */
export interface Rejects {
  /** A reject of its own. */
  one(code: RejectCode, at: string, count?: number): Reject;
  /** Counts a lost part; it comes out of `drain`. */
  part(code: RejectCode, at: string, count?: number): void;
  /** The tallied parts since the last call. */
  drain(): Reject[];
}

/** Starts an empty tally for what `reader` passes over in `file`. */
export function createRejects(reader: string, file: string): Rejects {
  const parts = new Map<RejectCode, { at: string; count: number }>();
  const one = (code: RejectCode, at: string, count = 1): Reject => ({
    kind: 'reject',
    code,
    where: { reader, file, at },
    count,
  });
  return {
    one,
    part(code, at, count = 1) {
      const seen = parts.get(code);
      if (seen === undefined) parts.set(code, { at, count });
      else seen.count += count;
    },
    drain() {
      const all = [...parts].map(([code, { at, count }]) => one(code, at, count));
      parts.clear();
      return all;
    },
  };
}
