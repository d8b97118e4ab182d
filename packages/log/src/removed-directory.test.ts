import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { poolDisk, turnDisk } from './disk.ts';
import type { AppendResult, FactLog } from './fact-log.ts';
import { openLog } from './open-log.ts';
import { readLog } from './read-log.ts';
import { freshDirectory } from './testing/log-directory.ts';

const append = (log: FactLog, text: string): Promise<AppendResult> =>
  log.append({ count: 1, payload: Buffer.from(text) });

function textsIn(directory: string): readonly string[] {
  return [...readLog(directory)].flatMap((frame) =>
    'payload' in frame ? [Buffer.from(frame.payload).toString()] : [],
  );
}

describe.each([
  ['turnDisk', turnDisk],
  ['poolDisk', poolDisk],
])('with %s', (_, disk) => {
  test('a log whose directory is removed gives no more receipts, from the first block on', async () => {
    const directory = freshDirectory();
    const log = openLog({ directory, now: Date.now, disk, retryEveryMs: 5 });
    expect(await append(log, 'before')).toMatchObject({ ok: true });
    rmSync(directory, { recursive: true });
    for (const text of ['first', 'second', 'third'])
      expect(await append(log, text)).toMatchObject({ ok: false, code: 'LP-LOG-WRITE' });
    await expect(log.close()).rejects.toMatchObject({ code: 'LP-LOG-WRITE' });
  });

  test('a log whose segment is removed continues in a new one, with everything that has a receipt since', async () => {
    const directory = freshDirectory();
    const log = openLog({ directory, now: Date.now, disk, retryEveryMs: 5 });
    expect(await append(log, 'before')).toMatchObject({ ok: true });
    const writer = join(directory, log.writer);
    for (const name of readdirSync(writer)) if (name.endsWith('.log')) rmSync(join(writer, name));
    expect(await append(log, 'after')).toMatchObject({ ok: true });
    await log.close();
    expect(textsIn(directory)).toContain('after');
  });

  test('a log whose directory is made again continues by itself', async () => {
    const directory = freshDirectory();
    const log = openLog({ directory, now: Date.now, disk, retryEveryMs: 5 });
    expect(await append(log, 'before')).toMatchObject({ ok: true });
    rmSync(directory, { recursive: true });
    expect(await append(log, 'lost')).toMatchObject({ ok: false });
    mkdirSync(join(directory, log.writer), { recursive: true });
    let result = await append(log, 'again');
    while (!result.ok) {
      await new Promise(setImmediate);
      result = await append(log, 'again');
    }
    await log.close();
    expect(textsIn(directory)).toContain('again');
  });
});

test.each(['/proc/leakproof/log', '/proc/self/leakproof', '/dev/null/log'])(
  'a log below %s cannot be opened, and the error says so at once',
  (directory) => {
    expect(() => openLog({ directory, now: Date.now })).toThrow(expect.objectContaining({ code: 'LP-LOG-WRITE' }));
  },
);
