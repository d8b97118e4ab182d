import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readLog } from './read-log.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { pathOf } from './testing/run-child.ts';
import { verifyLog } from './verify-log.ts';

test("a block beyond the operating system's file size limit is refused, and the next that fits is recorded", () => {
  const directory = freshDirectory();
  const command = 'ulimit -f 100 && exec "$0" --conditions=source "$1" "$2"';
  const script = pathOf('append-under-limit.ts');
  const child = spawnSync('sh', ['-c', command, process.execPath, script, directory], { encoding: 'utf8' });
  expect(child.stderr).toBe('');
  expect(JSON.parse(child.stdout)).toEqual(['recorded', 'LP-LOG-FULL', 'recorded']);
  expect([...readLog(directory)].map(({ kind, count }) => `${kind} ${count}`)).toEqual([
    'facts 1',
    'refused 1',
    'facts 1',
  ]);
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});
