import { expect, test } from 'vitest';
import { listLogSegments, lockDirectory, openLog, readLog, type ReadPosition } from './index.ts';
import { freshDirectory } from './testing/log-directory.ts';

const block = (text: string) => ({ count: 1, payload: Buffer.from(text.padEnd(400, '.')) });

test('a segment is closed when it is sealed, or when its writer has a later one', async () => {
  const directory = freshDirectory();
  const log = openLog({ directory, now: () => 1, segmentBytes: 1024 });
  for (const text of ['a', 'b', 'c']) await log.append(block(text));
  const open = listLogSegments(directory);
  expect(open.map(({ segment, isClosed, isNewest }) => [segment, isClosed, isNewest])).toEqual([
    [1, true, false],
    [2, false, true],
  ]);
  await log.close();
  expect(listLogSegments(directory).every(({ isClosed }) => isClosed)).toBe(true);
});

test('reading in two steps yields every frame once', async () => {
  const directory = freshDirectory();
  const log = openLog({ directory, now: () => 1, segmentBytes: 1024 });
  for (const text of ['a', 'b', 'c', 'd', 'e']) await log.append(block(text));
  await log.close();
  const after: Record<string, ReadPosition> = {};
  const first = [
    ...readLog(directory, { until: { 'w-0': 1 }, onWriterRead: (writer, position) => (after[writer] = position) }),
  ];
  const start = after['w-0'];
  expect(start).toMatchObject({ segment: 1, holes: [] });
  const rest = [...readLog(directory, { after: { 'w-0': { ...start, segment: 2, sequence: start?.sequence ?? 0 } } })];
  expect([...first, ...rest].map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(first.length).toBeGreaterThan(0);
});

test('a number skipped in the first step is yielded in the second', async () => {
  const directory = freshDirectory();
  const log = openLog({ directory, now: () => 1 });
  for (const text of ['a', 'b', 'c']) await log.append(block(text));
  await log.close();
  const position = { segment: 1, sequence: 3, holes: [{ from: 2, to: 2 }] };
  expect([...readLog(directory, { after: { 'w-0': position } })].map(({ sequence }) => sequence)).toEqual([2]);
});

test('only one process at a time holds the lock of a directory', () => {
  const directory = freshDirectory();
  const lock = lockDirectory(directory);
  expect(lock).toBeDefined();
  expect(lockDirectory(directory)).toBeUndefined();
  lock?.release();
  expect(lockDirectory(directory)).toBeDefined();
});
