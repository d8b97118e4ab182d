import { expect, test } from 'vitest';
import { type PassedOver, readLog } from './read-log.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { firstLine, killAfter, startChild } from './testing/run-child.ts';
import { verifyLog } from './verify-log.ts';

const KILLS = 10;

function numbersIn(directory: string, passed: PassedOver[]): readonly number[] {
  const numbers: number[] = [];
  for (const frame of readLog(directory, { onPassedOver: (item) => passed.push(item) })) {
    if (frame.kind === 'facts') numbers.push(Buffer.from(frame.payload).readUInt32LE());
  }
  return numbers;
}

test.each(['within', 'strict'] as const)(
  'in mode %s SIGKILL neither loses nor repeats an acknowledged block, and every restart takes over the same directory',
  async (sync) => {
    const directory = freshDirectory();
    const acknowledged: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const child = startChild('append-until-killed.ts', directory, sync, String(kill * 1_000_000));
      const [opened, ...numbers] = await killAfter(child, 2 + ((kill * 7919) % 300));
      expect(opened).toBe('w-0 0');
      expect(numbers.length).toBeGreaterThan(0);
      acknowledged.push(...numbers.map(Number));
      const passed: PassedOver[] = [];
      const read = numbersIn(directory, passed);
      expect(read).toEqual([...new Set(read)]);
      const found = new Set(read);
      expect(acknowledged.filter((number) => !found.has(number))).toEqual([]);
      expect(passed.filter(({ why }) => why !== 'tail')).toEqual([]);
    }
    expect(verifyLog(directory).breaks.filter(({ why }) => why !== 'torn')).toEqual([]);
  },
  60_000,
);

test('each of several running processes has its own writer directory', async () => {
  const directory = freshDirectory();
  const children = Array.from({ length: 4 }, () => startChild('append-until-killed.ts', directory, 'within', '0'));
  const writers = await Promise.all(children.map(firstLine));
  for (const child of children) child.kill('SIGKILL');
  expect(writers.toSorted()).toEqual(['w-0 0', 'w-1 0', 'w-2 0', 'w-3 0']);
});
