import { appendFileSync, closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FactLog, Receipt } from './fact-log.ts';
import { openLog } from './open-log.ts';
import { type PassedOver, readLog } from './read-log.ts';
import { segmentPath } from './segment-files.ts';
import { FaultyDisk, copyLog } from './testing/faulty-disk.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { verifyLog } from './verify-log.ts';

const PREALLOCATED = 4096;
const block = { count: 1, payload: Buffer.from('fact') };
const FRAME = 40;

function open(directory: string, sync: 'within' | 'strict', disk = new FaultyDisk()): FactLog {
  return openLog({ directory, now: () => 0, sync, disk, preallocateBytes: PREALLOCATED });
}

async function receiptOf(log: FactLog): Promise<Receipt> {
  const answer = await log.append(block);
  if (!answer.ok) throw new Error(answer.code);
  return answer;
}

function sizeIn(directory: string): number {
  return statSync(segmentPath(join(directory, 'w-0'), 1)).size;
}

test('in mode strict zeros are written after the frames in advance, and removed when the segment is sealed', async () => {
  const directory = freshDirectory();
  const log = open(directory, 'strict');
  await log.append(block);
  const first = sizeIn(directory);
  await log.append(block);
  expect(sizeIn(directory)).toBe(first + FRAME + PREALLOCATED);
  for (let count = 0; count < 50; count++) await log.append(block);
  expect(sizeIn(directory)).toBe(first + FRAME + PREALLOCATED);
  await log.close();
  expect(sizeIn(directory)).toBe(first + 51 * FRAME + 68);
  expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ facts: 52, unprovenBytes: 0 }] });
});

test('in mode within nothing is preallocated, because no block waits for a sync', async () => {
  const directory = freshDirectory();
  const log = open(directory, 'within');
  await log.append(block);
  const first = sizeIn(directory);
  await log.append(block);
  expect(sizeIn(directory)).toBe(first + FRAME);
  await log.close();
});

test('preallocated zeros are neither damaged nor torn: readers skip nothing, and the next writer removes them', async () => {
  const directory = freshDirectory();
  const log = open(directory, 'strict');
  for (let count = 0; count < 3; count++) await log.append(block);
  const passed: PassedOver[] = [];
  expect([...readLog(directory, { onPassedOver: (item) => passed.push(item) })]).toHaveLength(3);
  expect(passed).toEqual([]);
  expect(verifyLog(directory)).toMatchObject({ whole: true });

  const copy = freshDirectory();
  copyLog(directory, copy);
  const next = open(copy, 'strict');
  expect(next.status().repaired).toEqual({ tornBytes: 0, tornFacts: 0, damaged: 0 });
  await next.append(block);
  await next.close();
  expect(verifyLog(copy)).toMatchObject({ whole: true, writers: [{ facts: 4, unprovenBytes: 0 }] });
  await log.close();
});

test('a reader that reads preallocated zeros before the writer fills them reads again, and misses nothing', async () => {
  const directory = freshDirectory();
  const log = open(directory, 'strict');
  await log.append(block);
  const { offset: second } = await receiptOf(log);
  await log.append(block);
  const copy = freshDirectory();
  copyLog(directory, copy);
  await log.close();
  const file = openSync(segmentPath(join(copy, 'w-0'), 1), 'r+');
  const frame = Buffer.alloc(FRAME);
  readSync(file, frame, 0, FRAME, second);
  writeSync(file, Buffer.alloc(FRAME), 0, FRAME, second);

  const passed: PassedOver[] = [];
  const reading = readLog(copy, { onPassedOver: (item) => passed.push(item) });
  const sequences = [reading.next().value?.sequence];
  writeSync(file, frame, 0, FRAME, second);
  closeSync(file);
  for (const { sequence } of reading) sequences.push(sequence);
  expect(sequences).toEqual([1, 2, 3]);
  expect(passed).toEqual([]);
});

test('zeros after a seal are found', async () => {
  const directory = freshDirectory();
  const log = open(directory, 'strict');
  await log.append(block);
  await log.close();
  appendFileSync(segmentPath(join(directory, 'w-0'), 1), Buffer.alloc(100));
  expect(verifyLog(directory)).toMatchObject({ whole: false, breaks: [{ why: 'torn' }] });
});

test('a disk with space for the frames but not for preallocated zeros leads to no refusal', async () => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, 'strict', disk);
  await log.append(block);
  disk.freeBytes = 3 * FRAME;
  for (let count = 0; count < 3; count++) expect(await log.append(block)).toMatchObject({ ok: true, segment: 1 });
  expect(await log.append(block)).toMatchObject({ ok: false, code: 'LP-LOG-FULL' });
  disk.freeBytes = 10_000;
  await log.close();
  expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ facts: 4, refused: 1 }] });
});
