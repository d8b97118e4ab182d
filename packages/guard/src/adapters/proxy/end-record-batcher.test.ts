import { decodeRecord, type EndRecord } from '@leakproof/core';
import type { AppendResult, FactBlock } from '@leakproof/log';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EndRecordBatcher } from './end-record-batcher.ts';

const TAKEN: AppendResult = { ok: true, segment: 1, sequence: 1, offset: 0 };

function recording(): { readonly records: unknown[]; readonly append: (block: FactBlock) => Promise<AppendResult> } {
  const records: unknown[] = [];
  return {
    records,
    append: ({ payload }) => {
      records.push(decodeRecord(payload));
      return Promise.resolve(TAKEN);
    },
  };
}

function end(request: string, ended: EndRecord['ended'] = 'complete', time = 1): EndRecord {
  return { type: 'end', time, requests: [request], ended };
}

afterEach(() => void vi.useRealTimers());

describe('records of how responses ended', () => {
  test('are written in one batch for each outcome, with the time of the last response', async () => {
    const log = recording();
    const batcher = new EndRecordBatcher(log);
    for (const each of [end('1'), end('2', 'cut-off', 2), end('3', 'complete', 3)]) batcher.add(each);
    expect(log.records).toEqual([]);
    await batcher.flush();
    expect(log.records).toEqual([
      { type: 'end', time: 3, requests: ['1', '3'], ended: 'complete' },
      { type: 'end', time: 3, requests: ['2'], ended: 'cut-off' },
    ]);
    await batcher.flush();
    expect(log.records).toHaveLength(2);
  });

  test('are written after a delay, or at once when a batch is full', async () => {
    vi.useFakeTimers();
    const log = recording();
    const batcher = new EndRecordBatcher(log);
    batcher.add(end('first'));
    await vi.advanceTimersByTimeAsync(20);
    expect(log.records).toMatchObject([{ requests: ['first'] }]);
    for (let count = 0; count < 256; count++) batcher.add(end(`${count}`));
    expect(log.records).toHaveLength(2);
    await batcher.flush();
    expect(log.records).toHaveLength(2);
  });

  test('are dropped if the log fails', async () => {
    const batcher = new EndRecordBatcher({ append: () => Promise.reject(new Error('closed')) });
    batcher.add(end('1'));
    await expect(batcher.flush()).resolves.toBeUndefined();
  });
});
