import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimWriter } from './claim-writer.ts';
import { thisProcess } from './process-identity.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { takeLock } from './writer-lock.ts';

const self = thisProcess();
const ended = { ...self, start: '1' };

test('a directory is locked by one process at a time', () => {
  const directory = freshDirectory();
  const first = takeLock(directory, self);
  expect(first).toBeDefined();
  expect(takeLock(directory, self)).toBeUndefined();
  first?.release();
  expect(takeLock(directory, self)).toBeDefined();
});

test('the lock of a killed holder is taken over, and its files are removed', () => {
  const directory = freshDirectory();
  writeFileSync(join(directory, 'lock.7'), JSON.stringify(ended));
  writeFileSync(join(directory, 'lock.6.half-made'), '');
  expect(takeLock(directory, self)).toBeDefined();
  expect(readdirSync(directory)).toEqual(['lock.8']);
});

test('of two processes that find the same dead holder only one takes over', () => {
  const directory = freshDirectory();
  writeFileSync(join(directory, 'lock.1'), JSON.stringify(ended));
  const taken = [takeLock(directory, self), takeLock(directory, self)];
  expect(taken.map((lock) => lock !== undefined)).toEqual([true, false]);
});

test.each(['', 'null', '{}', '{"pid":"1"}', '{"free":1}', '\u0000'])(
  'a lock with the content %j counts as held',
  (content) => {
    const directory = freshDirectory();
    writeFileSync(join(directory, 'lock.1'), content);
    expect(takeLock(directory, self)).toBeUndefined();
  },
);

test('opening fails with a code when every writer directory is held', () => {
  const directory = freshDirectory();
  expect([claimWriter(directory, 2).name, claimWriter(directory, 2).name]).toEqual(['w-0', 'w-1']);
  expect(() => claimWriter(directory, 2)).toThrow(expect.objectContaining({ code: 'LP-LOG-LOCKED' }));
});

test('opening fails with a code when the directory cannot be created', () => {
  const file = join(freshDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => claimWriter(file)).toThrow(expect.objectContaining({ code: 'LP-LOG-WRITE' }));
});
