import { decodeRecord, isLeakproofError } from '@leakproof/core';
import { readLog } from '@leakproof/log';
import type { Account } from './account.ts';
import type { AccountFilter } from './account-filter.ts';
import { AccountFold } from './fold-account.ts';

/**
 * The account of a log, which may be written at the same time. Records that cannot be read are counted in `unread`. Throws
 * LP-FILE-UNREADABLE if there is no such directory.
 */
export function account(directory: string, filter: AccountFilter = {}): Account {
  const fold = new AccountFold(filter);
  const unread = { factsNotRecorded: 0, damaged: 0, unknownRecords: 0 };
  const frames = readLog(directory, {
    onPassedOver: ({ why }) => {
      if (why === 'damaged' || why === 'unknown-kind') unread.damaged++;
    },
  });
  for (const frame of frames) {
    if (frame.kind !== 'facts') {
      unread.factsNotRecorded += frame.count;
      continue;
    }
    try {
      fold.add(decodeRecord(frame.payload));
    } catch (error) {
      if (!isLeakproofError(error)) throw error;
      unread.unknownRecords++;
    }
  }
  return fold.finish(unread);
}
