import * as fc from 'fast-check';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeSegmentHeader, CHAIN_START } from './segment-header.ts';
import { FRAME_HEADER_BYTES, FRAME_KIND, FRAME_MAGIC } from './format.ts';
import { checksumSeed, writeFrame } from './frame.ts';
import { openLog } from './open-log.ts';
import { type PassedOver, readLog } from './read-log.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { verifyLog } from './verify-log.ts';

const NODE = new Uint8Array(16).fill(5);
const HEADER = encodeSegmentHeader({ node: NODE, segment: 1, time: 0, firstSequence: 1, previous: CHAIN_START });

function frame(sequence: number, payload: Uint8Array, node: Uint8Array = NODE): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.byteLength);
  writeFrame(bytes, 0, { kind: FRAME_KIND.facts, count: 1, sequence, time: 0 }, payload, checksumSeed(node));
  return bytes;
}

function withSegment<T>(bytes: Uint8Array, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-log-'));
  try {
    mkdirSync(join(directory, 'w-0'));
    writeFileSync(join(directory, 'w-0', '00000001.log'), bytes);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function sequencesIn(directory: string, passed: PassedOver[] = []): readonly number[] {
  return [...readLog(directory, { onPassedOver: (item) => passed.push(item) })].map(({ sequence }) => sequence);
}

test('any bytes can be read, verified and appended to, without an error or a frame that was not written', () => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constant(new Uint8Array(FRAME_MAGIC)),
    fc.constant(new Uint8Array(HEADER)),
    fc.constant(new Uint8Array(frame(1, new Uint8Array(3), new Uint8Array(16)))),
    fc.constant(new Uint8Array(500)),
  );
  fc.assert(
    fc.property(fc.boolean(), fc.array(chunk, { maxLength: 8 }), (headed, chunks) => {
      withSegment(Buffer.concat([...(headed ? [HEADER] : []), ...chunks]), (directory) => {
        expect(sequencesIn(directory)).toEqual([]);
        verifyLog(directory);
        const log = openLog({ directory, now: () => 0, disk: new FaultyDisk() });
        expect(log.status().refusing).toBeUndefined();
      });
    }),
  );
});

test('whole frames are found between any other bytes, and every other byte is reported', () => {
  const rubbish = fc.uint8Array({ maxLength: 80 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(rubbish, fc.uint8Array({ maxLength: 40 })), { maxLength: 6 }),
      rubbish,
      (parts, tail) => {
        const frames = parts.map(([, payload], index) => frame(index + 1, payload));
        const bytes = parts.flatMap(([before], index) => [before, frames[index] ?? Buffer.alloc(0)]);
        withSegment(Buffer.concat([HEADER, ...bytes, tail]), (directory) => {
          const passed: PassedOver[] = [];
          expect(sequencesIn(directory, passed)).toEqual(parts.map((_, index) => index + 1));
          // Zeros to the end are room that a writer has made.
          const torn = tail.every((byte) => byte === 0) ? 0 : tail.byteLength;
          const expected = torn + parts.reduce((sum, [before]) => sum + before.byteLength, 0);
          expect(passed.reduce((sum, { bytes: count }) => sum + count, 0)).toBe(expected);
        });
      },
    ),
  );
});

test('a payload that imitates frames, without knowing the node, yields no frames', () => {
  const forged = frame(99, Buffer.from('forged'), new Uint8Array(16));
  const carrier = frame(1, forged);
  carrier.writeUInt8(0, 20);
  const bytes = Buffer.concat([HEADER, carrier, frame(2, Buffer.from('next'))]);
  withSegment(bytes, (directory) => expect(sequencesIn(directory)).toEqual([2]));
});

test('a frame header with a length beyond the file hides no whole frame after it', () => {
  const broken = frame(1, new Uint8Array(1000)).subarray(0, FRAME_HEADER_BYTES);
  const bytes = Buffer.concat([HEADER, broken, frame(2, Buffer.from('next'))]);
  withSegment(bytes, (directory) => expect(sequencesIn(directory)).toEqual([2]));
});

test('a frame larger than the reading window is read', () => {
  const bytes = Buffer.concat([HEADER, frame(1, new Uint8Array(3_000_000)), frame(2, new Uint8Array(1))]);
  withSegment(bytes, (directory) => expect(sequencesIn(directory)).toEqual([1, 2]));
});

test('a torn end is removed on opening, counted, and appending continues there', async () => {
  const directory = freshDirectory();
  mkdirSync(join(directory, 'w-0'));
  const path = join(directory, 'w-0', '00000001.log');
  writeFileSync(
    path,
    Buffer.concat([HEADER, frame(1, new Uint8Array(9)), frame(2, new Uint8Array(9)).subarray(0, 40)]),
  );
  const log = openLog({ directory, now: () => 0, disk: new FaultyDisk() });
  expect(log.status().repaired).toEqual({ tornBytes: 40, tornFacts: 1, damaged: 0 });
  expect(readFileSync(path).byteLength).toBe(HEADER.byteLength + FRAME_HEADER_BYTES + 9);
  expect(await log.append({ count: 1, payload: new Uint8Array(1) })).toMatchObject({ segment: 2, sequence: 2 });
  await log.close();
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test('damage before the last whole frame is left in place and reported again', async () => {
  const directory = freshDirectory();
  mkdirSync(join(directory, 'w-0'));
  const path = join(directory, 'w-0', '00000001.log');
  const bytes = Buffer.concat([HEADER, frame(1, new Uint8Array(9)), frame(2, new Uint8Array(9))]);
  bytes.writeUInt8(1, 104 + FRAME_HEADER_BYTES);
  writeFileSync(path, bytes);
  const log = openLog({ directory, now: () => 0, disk: new FaultyDisk() });
  expect(log.status().repaired).toEqual({ tornBytes: 0, tornFacts: 0, damaged: 1 });
  expect(await log.append({ count: 1, payload: new Uint8Array(1) })).toMatchObject({ sequence: 3 });
  await log.close();
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(verifyLog(directory).breaks).toEqual([{ writer: 'w-0', segment: 1, offset: 104, why: 'frame' }]);
});

test.each([0, 50, 103])('a segment with %d bytes after a kill is a torn end, not damage', (bytes) => {
  withSegment(HEADER.subarray(0, bytes), (directory) => {
    const passed: PassedOver[] = [];
    expect(sequencesIn(directory, passed)).toEqual([]);
    expect(passed).toEqual([{ writer: 'w-0', segment: 1, offset: 0, bytes, facts: 0, why: 'tail' }]);
    expect(verifyLog(directory).breaks).toEqual([{ writer: 'w-0', segment: 1, offset: 0, why: 'torn' }]);
  });
});

test('a segment with a torn header is removed and counted', () => {
  withSegment(HEADER.subarray(0, 50), (directory) => {
    const log = openLog({ directory, now: () => 0, disk: new FaultyDisk() });
    expect(log.status().repaired).toEqual({ tornBytes: 50, tornFacts: 0, damaged: 0 });
    expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ segments: 0 }] });
  });
});
