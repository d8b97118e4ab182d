import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AppendResult, FactLog } from './fact-log.ts';
import { openLog, type OpenLogOptions } from './open-log.ts';
import { type PassedOver, readLog } from './read-log.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import { freshDirectory } from './testing/log-directory.ts';

const now = (): number => 1_700_000_000_000;

function open(directory: string, options: Partial<OpenLogOptions> = {}): FactLog {
  return openLog({ directory, now, disk: new FaultyDisk(), ...options });
}

function appendText(log: FactLog, text: string): Promise<AppendResult> {
  return log.append({ count: 1, payload: Buffer.from(text) });
}

function textsIn(directory: string): readonly string[] {
  return [...readLog(directory)].map((frame) =>
    frame.kind === 'facts' ? Buffer.from(frame.payload).toString() : `${frame.kind} ${frame.count} ${frame.reason}`,
  );
}

test('an appended block is read back with its position, count and time', async () => {
  const directory = freshDirectory();
  const log = open(directory);
  const answer = await log.append({ count: 8, payload: Buffer.from('eight facts') });
  expect(answer).toEqual({ ok: true, segment: 1, sequence: 1, offset: 104 });
  expect([...readLog(directory)]).toEqual([
    {
      kind: 'facts',
      writer: 'w-0',
      node: log.node,
      segment: 1,
      sequence: 1,
      offset: 104,
      time: now(),
      count: 8,
      payload: new Uint8Array(Buffer.from('eight facts')),
    },
  ]);
  await log.close();
});

test('all blocks of one turn are written by one call', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { disk });
  await Promise.all(['a', 'b', 'c'].map((text) => appendText(log, text)));
  expect(disk.calls.filter((call) => call === 'write')).toHaveLength(1);
  await log.close();
});

test('callers that append in reaction to receipts do not block the event loop', async () => {
  const log = open(freshDirectory());
  let answered = 0;
  const caller = async (): Promise<void> => {
    while (answered < 1000) answered += (await appendText(log, 'again')).ok ? 1 : 1000;
  };
  const calling = caller();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(answered).toBeLessThan(1000);
  await calling;
  await log.close();
});

test('the payload is copied by append', async () => {
  const directory = freshDirectory();
  const log = open(directory);
  const payload = Buffer.from('before');
  const answer = log.append({ count: 1, payload });
  payload.write('after!');
  await answer;
  expect(textsIn(directory)).toEqual(['before']);
  await log.close();
});

test('a gap is recorded with its count and reason', async () => {
  const directory = freshDirectory();
  const log = open(directory);
  await log.appendGap({ count: 3, reason: 'unreadable-body' });
  expect(textsIn(directory)).toEqual(['gap 3 unreadable-body']);
  await log.close();
});

test('in mode within a receipt does not wait for the disk, in mode strict it does', async () => {
  const answered: string[] = [];
  const disks = { within: new FaultyDisk(), strict: new FaultyDisk() };
  const waiting = (['within', 'strict'] as const).map((sync) => {
    const go = disks[sync].hold('sync');
    const log = open(freshDirectory(), { sync, disk: disks[sync] });
    const answer = appendText(log, sync).then(() => answered.push(sync));
    return { go, log, answer };
  });
  await waiting[0]?.answer;
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(answered).toEqual(['within']);
  for (const { go } of waiting) go();
  await Promise.all(waiting.map(({ answer }) => answer));
  expect(answered).toEqual(['within', 'strict']);
  await Promise.all(waiting.map(({ log }) => log.close()));
});

test('in mode strict one sync acknowledges all pending blocks', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { sync: 'strict', disk });
  await appendText(log, 'first');
  disk.calls.length = 0;
  await Promise.all(Array.from({ length: 50 }, (_, index) => appendText(log, String(index))));
  expect(disk.calls).toEqual(['write', 'sync']);
  await log.close();
});

test('a segment is sealed, and the next begun, before it grows beyond its limit', async () => {
  const directory = freshDirectory();
  const log = open(directory, { segmentBytes: 400 });
  for (const text of ['one', 'two', 'three']) await appendText(log, text.repeat(40));
  await log.close();
  expect(readdirSync(join(directory, 'w-0')).filter((name) => name.endsWith('.log'))).toEqual([
    '00000001.log',
    '00000002.log',
    '00000003.log',
  ]);
  expect(textsIn(directory)).toEqual(['one', 'two', 'three'].map((text) => text.repeat(40)));
});

test('a log opened again continues where it ended, with the same node', async () => {
  const directory = freshDirectory();
  const first = open(directory);
  await appendText(first, 'one');
  await first.close();
  const second = open(directory);
  expect(await appendText(second, 'two')).toMatchObject({ ok: true, segment: 2, sequence: 2 });
  expect(second.node).toBe(first.node);
  await second.close();
  expect(textsIn(directory)).toEqual(['one', 'two']);
});

test('opening and closing without an append creates no segment', async () => {
  const directory = freshDirectory();
  await open(directory).close();
  expect([...readLog(directory)]).toEqual([]);
  expect(readdirSync(join(directory, 'w-0')).filter((name) => name.endsWith('.log'))).toEqual([]);
});

test('two logs in one directory are written at the same time, and both are read', async () => {
  const directory = freshDirectory();
  const logs = [open(directory), open(directory)];
  await Promise.all(logs.map((log, index) => appendText(log, `writer ${index}`)));
  expect(logs.map((log) => log.writer)).toEqual(['w-0', 'w-1']);
  expect(textsIn(directory)).toEqual(['writer 0', 'writer 1']);
  await Promise.all(logs.map((log) => log.close()));
});

test('reading continues after what was read before', async () => {
  const directory = freshDirectory();
  const log = open(directory, { segmentBytes: 200 });
  for (const text of ['one', 'two', 'three', 'four']) await appendText(log, text.repeat(20));
  const [, second] = readLog(directory);
  const passed: PassedOver[] = [];
  const rest = [
    ...readLog(directory, {
      after: { 'w-0': { segment: second?.segment ?? 0, sequence: second?.sequence ?? 0 } },
      onPassedOver: (item) => passed.push(item),
    }),
  ];
  expect(rest.map((frame) => frame.sequence)).toEqual([3, 4]);
  expect(passed).toEqual([]);
  await log.close();
});

test('a frame that is still being written is not read yet, and is reported', async () => {
  const directory = freshDirectory();
  const log = open(directory);
  await appendText(log, 'whole');
  await appendText(log, 'half');
  truncateSync(join(directory, 'w-0', '00000001.log'), 104 + 41 + 38);
  const passed: PassedOver[] = [];
  expect([...readLog(directory, { onPassedOver: (item) => passed.push(item) })]).toHaveLength(1);
  expect(passed).toEqual([{ writer: 'w-0', segment: 1, offset: 145, bytes: 38, facts: 1, why: 'tail' }]);
  await log.close();
});

test.each([
  ['a negative count', { count: -1, payload: new Uint8Array() }],
  ['half a fact', { count: 0.5, payload: new Uint8Array() }],
  ['more facts than a frame can count', { count: 2 ** 32, payload: new Uint8Array() }],
  ['a payload beyond 16 MiB', { count: 1, payload: new Uint8Array(16 * 1024 * 1024 + 1) }],
])('%s throws LP-LOG-BLOCK', async (_, block) => {
  const log = open(freshDirectory());
  expect(() => log.append(block)).toThrow(expect.objectContaining({ code: 'LP-LOG-BLOCK' }));
  await log.close();
});

test('a closed log refuses', async () => {
  const log = open(freshDirectory());
  await log.close();
  expect(await appendText(log, 'too late')).toMatchObject({ ok: false, code: 'LP-LOG-CLOSED' });
});
