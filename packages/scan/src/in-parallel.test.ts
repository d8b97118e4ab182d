import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('results are in the order of the items, and no more than the limit run at a time', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([5, 4, 3, 2, 1], 2, async (item) => {
    most = Math.max(most, (running += 1));
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  expect([results, most]).toEqual([[50, 40, 30, 20, 10], 2]);
});

test('nothing is started after the first failure', async () => {
  const done: number[] = [];
  const run = inParallel([1, 2, 3], 1, (item) => {
    done.push(item);
    return item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item);
  });
  await expect(run).rejects.toThrow('two');
  expect(done).toEqual([1, 2]);
});
