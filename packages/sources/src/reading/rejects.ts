import type { Reject } from './reader.ts';
import type { RejectCode } from './reject-codes.ts';

/** The rejects of one source. Lost parts are counted by code, with the location of the first, so that they are few. */
export interface Rejects {
  /** A reject to be yielded. */
  one(code: RejectCode, at: string, count?: number): Reject;
  /** Counts a lost part, for `drain`. */
  part(code: RejectCode, at: string, count?: number): void;
  /** The lost parts since the last call. */
  drain(): Reject[];
}

export function createRejects(reader: string, file: string): Rejects {
  const parts = new Map<RejectCode, { at: string; count: number }>();
  const one = (code: RejectCode, at: string, count = 1): Reject => ({
    type: 'reject',
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
