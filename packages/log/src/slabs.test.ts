import { expect, onTestFinished, test, vi } from 'vitest';
import { openLog } from './open-log.ts';
import { readLog } from './read-log.ts';
import { Slabs } from './slabs.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import { freshDirectory } from './testing/log-directory.ts';

const SLAB_BYTES = 256 * 1024;

test('memory is reused only when no run has frames in it', () => {
  const slabs = new Slabs();
  const first = slabs.take(100);
  first.users += 1;
  slabs.giveBack(first);
  expect(slabs.take(100)).not.toBe(first);
  slabs.giveBack(first);
  expect(slabs.take(100)).toBe(first);
});

test('memory for a large frame is not kept', () => {
  const slabs = new Slabs();
  const large = slabs.take(SLAB_BYTES + 1);
  slabs.giveBack(large);
  expect(slabs.take(SLAB_BYTES + 1)).not.toBe(large);
  expect(slabs.take(SLAB_BYTES).bytes.byteLength).toBe(SLAB_BYTES);
});

test.each(['within', 'strict'] as const)(
  'in mode %s frames written again after a failed sync are those that were appended, whatever was appended later',
  async (sync) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const directory = freshDirectory();
    const disk = new FaultyDisk();
    const log = openLog({ directory, now: () => 0, sync, disk });
    let next = 0;
    const appendMany = async (): Promise<void> => {
      for (let count = 0; count < 20; count++) {
        void log.append({ count: 1, payload: Buffer.alloc(SLAB_BYTES / 3, next++) });
        await new Promise(setImmediate);
      }
    };
    await appendMany();
    await vi.advanceTimersByTimeAsync(50);
    const letGo = disk.hold('sync');
    await appendMany();
    await vi.advanceTimersByTimeAsync(50);
    await appendMany();
    disk.failNext('sync', 'EIO');
    letGo();
    await appendMany();
    await log.close();
    const read = [...readLog(directory)].map((frame) => (frame.kind === 'facts' ? new Set(frame.payload) : undefined));
    expect(read).toEqual(Array.from({ length: 80 }, (_, index) => new Set([index])));
    expect(log.status()).toMatchObject({ abandoned: 1, recorded: 80 });
  },
);
