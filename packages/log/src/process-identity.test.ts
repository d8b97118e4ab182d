import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hasEnded, thisProcess } from './process-identity.ts';

const self = thisProcess();
const ended = spawnSync(process.execPath, ['--version']).pid;

test.each([
  ['this process', {}, false],
  ['a process id that is free', { pid: ended }, true],
  ['a process id that was given out again', { start: '1' }, true],
  ['a process from before the machine was started anew', { boot: 'earlier' }, true],
  ['a process in another container', { namespace: 'pid:[1]', pid: ended }, false],
  ['a process on another host', { host: 'elsewhere', boot: 'other', pid: ended }, false],
] as const)('a lock of %s is held by a process that has ended: %o %s', (_, change, expected) => {
  expect(hasEnded({ ...self, ...change }, self)).toBe(expected);
});
