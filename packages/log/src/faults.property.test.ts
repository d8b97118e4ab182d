import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from './open-log.ts';
import { readLog } from './read-log.ts';
import { copyLog, FaultyDisk } from './testing/faulty-disk.ts';
import { verifyLog } from './verify-log.ts';

type Step =
  | { readonly do: 'append'; readonly bytes: number }
  | { readonly do: 'turn' | 'time' | 'close' | 'unhold' }
  | { readonly do: 'hold'; readonly call: 'write' | 'sync' }
  | { readonly do: 'fail'; readonly call: 'create' | 'write' | 'sync' | 'syncDirectory'; readonly errno: string }
  | { readonly do: 'space'; readonly bytes: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('append' as const), bytes: fc.integer({ min: 4, max: 200 }) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unhold' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('hold' as const),
        call: fc.constantFrom('write' as const, 'sync' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('fail' as const),
        call: fc.constantFrom('create' as const, 'write' as const, 'sync' as const, 'syncDirectory' as const),
        errno: fc.constantFrom('EIO', 'ENOSPC', 'EDQUOT'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('space' as const), bytes: fc.integer({ min: 0, max: 600 }) }) },
  ),
  { maxLength: 60 },
);

interface Outcome {
  readonly directory: string;
  readonly disk: FaultyDisk;
  /** Numbers of blocks with a receipt, in order of appending. */
  readonly acknowledged: readonly number[];
}

/** Executes the steps, reopening after each close, and leaves the last log open, as a killed process does. */
async function play(directory: string, sync: 'within' | 'strict', list: readonly Step[]): Promise<Outcome> {
  const disk = new FaultyDisk();
  const acknowledged = new Set<number>();
  const open = (): ReturnType<typeof openLog> => openLog({ directory, now: () => 0, sync, disk, segmentBytes: 700 });
  let log = open();
  let next = 0;
  let unhold = (): void => undefined;
  for (const step of list) {
    if (step.do === 'append') {
      const number = next++;
      const payload = Buffer.alloc(step.bytes);
      payload.writeUInt32LE(number);
      void log.append({ count: 1, payload }).then((answer) => answer.ok && acknowledged.add(number));
    } else if (step.do === 'turn') await new Promise(setImmediate);
    else if (step.do === 'time') await vi.advanceTimersByTimeAsync(300);
    else if (step.do === 'unhold') unhold();
    else if (step.do === 'hold') {
      unhold();
      unhold = disk.hold(step.call);
    } else if (step.do === 'fail') disk.failNext(step.call, step.errno);
    else if (step.do === 'space') disk.freeBytes = step.bytes;
    else {
      unhold();
      disk.freeBytes = Number.POSITIVE_INFINITY;
      await log.close().catch(() => undefined);
      log = open();
    }
  }
  await Promise.resolve();
  return { directory, disk, acknowledged: [...acknowledged].sort((a, b) => a - b) };
}

function numbersIn(directory: string): readonly number[] {
  const numbers: number[] = [];
  for (const frame of readLog(directory)) {
    if (frame.kind === 'facts') numbers.push(Buffer.from(frame.payload).readUInt32LE());
  }
  return numbers;
}

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-log-'));
  try {
    await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    vi.clearAllTimers();
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each(['within', 'strict'] as const)(
  'in mode %s, whatever the disk does, acknowledged blocks are read back once and in order after a kill',
  async (sync) => {
    await fc.assert(
      fc.asyncProperty(steps, (list) =>
        inDirectory(async (root) => {
          const { directory, acknowledged } = await play(join(root, 'log'), sync, list);
          const copy = join(root, 'copy');
          copyLog(directory, copy);
          const read = numbersIn(copy);
          expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
          expect(read).toEqual(expect.arrayContaining([...acknowledged]));
          const log = openLog({ directory: copy, now: () => 0, disk: new FaultyDisk() });
          await log.append({ count: 1, payload: Buffer.from('ffff') });
          await log.close();
          expect(numbersIn(copy).slice(0, -1)).toEqual(read);
          expect(verifyLog(copy).breaks).toEqual([]);
        }),
      ),
      { numRuns: 100 },
    );
  },
);

test('in mode strict acknowledged blocks survive a power cut, whatever the disk kept of the rest', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.double({ min: 0, max: 1, noNaN: true }), (list, keep) =>
      inDirectory(async (root) => {
        const { directory, disk, acknowledged } = await play(join(root, 'log'), 'strict', list);
        const copy = join(root, 'copy');
        disk.afterPowerCut(directory, copy, keep);
        const log = openLog({ directory: copy, now: () => 0, disk: new FaultyDisk() });
        await log.append({ count: 1, payload: Buffer.from('ffff') });
        await log.close();
        const read = numbersIn(copy);
        expect(read).toEqual([...new Set(read)]);
        expect(read).toEqual(expect.arrayContaining([...acknowledged]));
        expect(verifyLog(copy).breaks).toEqual([]);
      }),
    ),
    { numRuns: 100 },
  );
});
