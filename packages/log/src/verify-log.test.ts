import * as fc from 'fast-check';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openLog } from './open-log.ts';
import { readLog } from './read-log.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { verifyLog } from './verify-log.ts';

const TEXTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
const SEGMENTS = ['00000001.log', '00000002.log', '00000003.log', '00000004.log'];

let original = '';

beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), 'leakproof-log-'));
  const log = openLog({ directory: original, now: () => 0, disk: new FaultyDisk(), segmentBytes: 300 });
  for (const text of TEXTS) await log.append({ count: 1, payload: Buffer.from(text.repeat(12)) });
  await log.close();
  return () => rmSync(original, { recursive: true, force: true });
});

function copyOfLog(): string {
  const directory = freshDirectory();
  cpSync(original, directory, { recursive: true });
  return directory;
}

function textsIn(directory: string): readonly string[] {
  return [...readLog(directory)].map((frame) =>
    frame.kind === 'facts' ? Buffer.from(frame.payload).toString() : frame.kind,
  );
}

function change(directory: string, segment: string, edit: (bytes: Buffer) => Buffer): void {
  const path = join(directory, 'w-0', segment);
  writeFileSync(path, edit(readFileSync(path)));
}

test('an unchanged log is whole, and has a head to store elsewhere', () => {
  const report = verifyLog(original);
  expect(report).toMatchObject({ whole: true, firstBreak: undefined, breaks: [] });
  expect(report.writers).toMatchObject([{ segments: 4, frames: 7, facts: 7, refused: 0, unprovenBytes: 0 }]);
  expect(report.writers[0]?.head?.root).toMatch(/^[0-9a-f]{64}$/);
});

test('every change of a single byte is found in its segment, and loses at most the frame it is in', () => {
  const directory = copyOfLog();
  let tried = 0;
  for (const [index, segment] of SEGMENTS.entries()) {
    const path = join(directory, 'w-0', segment);
    const bytes = readFileSync(path);
    for (let offset = 0; offset < bytes.byteLength; offset++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(offset) ^ (1 + (offset % 255)), offset);
      writeFileSync(path, changed);
      const { whole, firstBreak } = verifyLog(directory);
      expect({ offset, whole }).toEqual({ offset, whole: false });
      expect(firstBreak?.segment).toBe(index + 1);
      expect(firstBreak?.offset).toBeLessThanOrEqual(offset);
      const texts = textsIn(directory);
      expect(texts.length).toBeGreaterThanOrEqual(TEXTS.length - 1);
      expect(TEXTS.map((text) => text.repeat(12))).toEqual(expect.arrayContaining([...texts]));
      tried += 1;
    }
    writeFileSync(path, bytes);
  }
  expect(tried).toBeGreaterThan(1000);
  expect(verifyLog(directory).whole).toBe(true);
}, 60_000);

test('bytes removed or inserted anywhere are found', () => {
  const edit = fc.record({
    segment: fc.constantFrom(...SEGMENTS),
    where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    removed: fc.integer({ min: 0, max: 50 }),
    added: fc.uint8Array({ maxLength: 50 }),
  });
  fc.assert(
    fc.property(edit, ({ segment, where, removed, added }) => {
      const directory = mkdtempSync(join(tmpdir(), 'leakproof-log-'));
      try {
        cpSync(original, directory, { recursive: true });
        let same = true;
        change(directory, segment, (bytes) => {
          const at = Math.floor(where * bytes.byteLength);
          const edited = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
          same = edited.equals(bytes);
          return edited;
        });
        expect(verifyLog(directory).whole).toBe(same);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }),
  );
});

test('a segment removed from the middle is found; the oldest may be missing', () => {
  const directory = copyOfLog();
  unlinkSync(join(directory, 'w-0', '00000001.log'));
  expect(verifyLog(directory)).toMatchObject({ whole: true });
  unlinkSync(join(directory, 'w-0', '00000003.log'));
  expect(verifyLog(directory)).toMatchObject({ whole: false, firstBreak: { segment: 4, why: 'missing' } });
});

test('exchanged segments are found', () => {
  const directory = copyOfLog();
  const [first, second, aside] = ['00000002.log', '00000003.log', 'aside'].map((name) => join(directory, 'w-0', name));
  renameSync(first ?? '', aside ?? '');
  renameSync(second ?? '', first ?? '');
  renameSync(aside ?? '', second ?? '');
  expect(verifyLog(directory)).toMatchObject({ whole: false, firstBreak: { segment: 2, offset: 0, why: 'header' } });
});

test('a whole frame removed from a sealed segment is found', () => {
  const directory = copyOfLog();
  change(directory, '00000002.log', (bytes) => Buffer.concat([bytes.subarray(0, 104), bytes.subarray(104 + 36 + 60)]));
  expect(verifyLog(directory).breaks.map(({ why }) => why)).toEqual(expect.arrayContaining(['sequence', 'root']));
});

test('a segment of another log is found', async () => {
  const directory = copyOfLog();
  const other = freshDirectory();
  const log = openLog({ directory: other, now: () => 0, disk: new FaultyDisk() });
  await log.append({ count: 1, payload: Buffer.from('foreign') });
  await log.close();
  const file = join('w-0', '00000001.log');
  cpSync(join(other, file), join(directory, file));
  expect(verifyLog(directory).breaks.map(({ why }) => why)).toEqual(expect.arrayContaining(['node']));
});

test('bytes that only checksums cover are counted', async () => {
  const directory = freshDirectory();
  const log = openLog({ directory, now: () => 0, disk: new FaultyDisk() });
  await log.append({ count: 1, payload: new Uint8Array(10) });
  expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ unprovenBytes: 104 + 36 + 10 }] });
  await log.close();
  expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ unprovenBytes: 0 }] });
});

describe('a log that is not there is an error, never whole', () => {
  const file = (): string => {
    const path = join(freshDirectory(), 'file');
    writeFileSync(path, 'x');
    return path;
  };
  const withIn = (name: string, make: (path: string) => void): string => {
    const directory = freshDirectory();
    mkdirSync(join(directory, 'w-0'));
    make(join(directory, name));
    return directory;
  };
  test.each<[string, () => string]>([
    ['no such directory', () => join(freshDirectory(), 'typo')],
    ['a file', file],
    ['a path below a file', () => join(file(), 'log')],
    ['a file in place of a writer', () => withIn('w-1', (path) => writeFileSync(path, ''))],
    ['a directory in place of a segment', () => withIn('w-0/00000001.log', (path) => mkdirSync(path))],
    ['a name with a zero byte', () => 'a\0b'],
  ])('%s', (_what, make) => {
    const directory = make();
    const unreadable = expect.objectContaining({ code: 'LP-FILE-UNREADABLE' }) as Error;
    expect(() => verifyLog(directory)).toThrow(unreadable);
    expect(() => [...readLog(directory)]).toThrow(unreadable);
  });

  test.each<[string, () => string]>([
    ['an empty directory', freshDirectory],
    ['a directory of other files', () => withIn('notes.txt', (path) => writeFileSync(path, 'x'))],
    ['a writer that has recorded nothing', () => withIn('w-2', (path) => mkdirSync(path))],
    ['the directory of one writer', () => join(original, 'w-0')],
  ])('%s is empty', (_what, make) => expect(verifyLog(make())).toMatchObject({ isEmpty: true }));

  test('a log with a frame is not empty', () => expect(verifyLog(original).isEmpty).toBe(false));
});
