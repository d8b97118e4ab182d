import { expect, onTestFinished, test, vi } from 'vitest';
import type { AppendResult, FactLog, Trouble } from './fact-log.ts';
import { openLog, type OpenLogOptions } from './open-log.ts';
import { readLog } from './read-log.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import { freshDirectory } from './testing/log-directory.ts';
import { verifyLog } from './verify-log.ts';

function open(directory: string, options: Partial<OpenLogOptions>): FactLog {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return openLog({ directory, now: () => 0, ...options });
}

function appendText(log: FactLog, text: string): Promise<AppendResult> {
  return log.append({ count: 1, payload: Buffer.from(text) });
}

async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** Lets the log's timers run out until it records again. */
async function untilRecovered(log: FactLog): Promise<void> {
  for (let tries = 0; tries < 20 && log.status().refusing; tries++) {
    await vi.advanceTimersByTimeAsync(250);
    await turns();
  }
  expect(log.status().refusing).toBeUndefined();
}

function contentOf(directory: string): readonly string[] {
  return [...readLog(directory)].map((frame) =>
    frame.kind === 'facts' ? Buffer.from(frame.payload).toString() : `${frame.kind} ${frame.count} ${frame.reason}`,
  );
}

test.each(['within', 'strict'] as const)('in mode %s a write that fails once loses nothing', async (sync) => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, { sync, disk });
  await appendText(log, 'one');
  disk.failNext('write', 'EIO');
  expect(await appendText(log, 'two')).toMatchObject({ ok: true, segment: 2, sequence: 2 });
  await log.close();
  expect(contentOf(directory)).toEqual(['one', 'two']);
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test('after a failed sync the file is never synced again: unsynced frames move to a new segment', async () => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, { sync: 'strict', disk });
  await appendText(log, 'one');
  disk.failNext('sync', 'EIO');
  expect(await appendText(log, 'two')).toMatchObject({ ok: true, segment: 2, sequence: 2 });
  expect(log.status().abandoned).toBe(1);
  await log.close();
  expect(contentOf(directory)).toEqual(['one', 'two']);
  expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ unprovenBytes: 0 }] });
});

test('a receipt from before a failed sync stays valid', async () => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, { disk });
  await appendText(log, 'acknowledged');
  disk.failNext('sync', 'EIO');
  await vi.advanceTimersByTimeAsync(50);
  await turns();
  expect(log.status()).toMatchObject({ abandoned: 1, segment: 2, unsyncedBytes: 0 });
  await log.close();
  expect(contentOf(directory)).toEqual(['acknowledged']);
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test('a sync acknowledges only what was written before it began', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { sync: 'strict', disk });
  const answered: string[] = [];
  const letFirstGo = disk.hold('sync');
  const first = appendText(log, 'one').then(() => answered.push('one'));
  await turns();
  const letSecondGo = disk.hold('sync');
  const second = appendText(log, 'two').then(() => answered.push('two'));
  await turns();
  letFirstGo();
  await first;
  await turns();
  expect(answered).toEqual(['one']);
  letSecondGo();
  await second;
  await log.close();
});

test('a failed write loses nothing of what was written before it', async () => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, { sync: 'strict', disk });
  const letGo = disk.hold('sync');
  const first = appendText(log, 'one');
  await turns();
  disk.failNext('write', 'EIO');
  const second = appendText(log, 'two');
  await turns();
  letGo();
  expect([await first, await second]).toMatchObject([{ segment: 1 }, { segment: 2 }]);
  await log.close();
  expect(contentOf(directory)).toEqual(['one', 'two']);
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test('a disk that fills up need not store again what it already has', async () => {
  const directory = freshDirectory();
  const disk = Object.assign(new FaultyDisk(), { freeBytes: 2000 });
  const log = open(directory, { disk });
  await log.append({ count: 1, payload: new Uint8Array(1500) });
  expect(await log.append({ count: 1, payload: new Uint8Array(500) })).toMatchObject({ code: 'LP-LOG-FULL' });
  disk.freeBytes = 300;
  await untilRecovered(log);
  await log.close();
  expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ facts: 1, refused: 1 }] });
});

test('a block written during a failed sync gets the receipt of the segment it moved to', async () => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, { disk });
  await appendText(log, 'one');
  const letSyncGo = disk.hold('sync');
  await vi.advanceTimersByTimeAsync(50);
  const letWriteGo = disk.hold('write');
  const second = appendText(log, 'two');
  await turns();
  disk.failNext('sync', 'EIO');
  letSyncGo();
  await turns();
  letWriteGo();
  expect(await second).toMatchObject({ ok: true, segment: 2 });
  await log.close();
  expect(contentOf(directory)).toEqual(['one', 'two']);
});

test('a full segment is sealed only after the current sync has ended', async () => {
  const directory = freshDirectory();
  const disk = new FaultyDisk();
  const log = open(directory, { sync: 'strict', disk, segmentBytes: 150 });
  const letGo = disk.hold('sync');
  const first = appendText(log, 'one');
  await turns();
  const second = appendText(log, 'two');
  await turns();
  letGo();
  expect([await first, await second]).toMatchObject([{ segment: 1 }, { segment: 2 }]);
  expect(log.status().abandoned).toBe(0);
  await log.close();
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test('a disk that accepts a few bytes at a time gets all of them', async () => {
  const directory = freshDirectory();
  const log = open(directory, { disk: Object.assign(new FaultyDisk(), { maxWriteBytes: 7 }) });
  await Promise.all(['one', 'two'].map((text) => appendText(log, text)));
  await log.close();
  expect(contentOf(directory)).toEqual(['one', 'two']);
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test('a disk that accepts no bytes leads to a refusal instead of an endless loop', async () => {
  const log = open(freshDirectory(), { disk: Object.assign(new FaultyDisk(), { write: () => 0 }) });
  expect(await appendText(log, 'one')).toMatchObject({ ok: false, code: 'LP-LOG-WRITE' });
  await expect(log.close()).rejects.toMatchObject({ code: 'LP-LOG-WRITE' });
});

test.each(['within', 'strict'] as const)(
  'in mode %s a full disk leads to refusals, and the log continues when there is space',
  async (sync) => {
    const directory = freshDirectory();
    const disk = new FaultyDisk();
    const troubles: Trouble[] = [];
    const log = open(directory, { sync, disk, onTrouble: (trouble) => troubles.push(trouble) });
    await appendText(log, 'before');
    disk.freeBytes = 20;
    expect(await appendText(log, 'does not fit')).toMatchObject({ ok: false, code: 'LP-LOG-FULL' });
    expect(await appendText(log, 'refused at once')).toMatchObject({ ok: false, code: 'LP-LOG-FULL' });
    await vi.advanceTimersByTimeAsync(500);
    await turns();
    expect(log.status().refusing).toBeDefined();
    disk.freeBytes = 10_000;
    await untilRecovered(log);
    expect(await appendText(log, 'after')).toMatchObject({ ok: true });
    await log.close();
    expect(contentOf(directory)).toEqual(['before', 'refused 2 LP-LOG-FULL', 'after']);
    expect(verifyLog(directory)).toMatchObject({ whole: true, writers: [{ facts: 2, refused: 2 }] });
    expect(troubles.map(({ state }) => state)).toEqual(['abandoned-segment', 'refusing', 'recovered']);
  },
);

test('a disk that is full from the start leads to refusals, and nothing acknowledged later is lost', async () => {
  const directory = freshDirectory();
  const disk = Object.assign(new FaultyDisk(), { freeBytes: 0 });
  const log = open(directory, { disk });
  expect(await appendText(log, 'too early')).toMatchObject({ ok: false, code: 'LP-LOG-FULL' });
  disk.freeBytes = 10_000;
  await untilRecovered(log);
  await appendText(log, 'later');
  await log.close();
  expect(contentOf(directory)).toEqual(['refused 1 LP-LOG-FULL', 'later']);
  expect(verifyLog(directory)).toMatchObject({ whole: true });
});

test.each(['write', 'sync'] as const)(
  'a disk that hangs in %s leads to refusals after the deadline, until it responds',
  async (call) => {
    const directory = freshDirectory();
    const disk = new FaultyDisk();
    const log = open(directory, { sync: 'strict', disk, answerWithinMs: 300 });
    await appendText(log, 'before');
    const letGo = disk.hold(call);
    const stuck = appendText(log, 'stuck');
    await turns();
    await vi.advanceTimersByTimeAsync(300);
    expect(await stuck).toMatchObject({ ok: false, code: 'LP-LOG-SLOW' });
    expect(await appendText(log, 'refused at once')).toMatchObject({ ok: false, code: 'LP-LOG-SLOW' });
    letGo();
    await turns(20);
    expect(log.status().refusing).toBeUndefined();
    await appendText(log, 'after');
    await log.close();
    expect(contentOf(directory)).toEqual(['before', 'stuck', 'refused 1 LP-LOG-SLOW', 'after']);
    expect(verifyLog(directory)).toMatchObject({ whole: true });
  },
);

test('in mode within a hanging sync leads to refusals too, before memory runs out', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { disk, answerWithinMs: 300 });
  const letGo = disk.hold('sync');
  await appendText(log, 'acknowledged');
  await vi.advanceTimersByTimeAsync(400);
  expect(await appendText(log, 'refused')).toMatchObject({ ok: false, code: 'LP-LOG-SLOW' });
  letGo();
  await turns(20);
  expect(log.status().refusing).toBeUndefined();
  await log.close();
});

test('memory for unsynced frames is bounded', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { disk, maxUnsyncedBytes: 1000 });
  const payload = new Uint8Array(964);
  expect(await log.append({ count: 1, payload })).toMatchObject({ ok: true });
  expect(await log.append({ count: 1, payload })).toMatchObject({ ok: false, code: 'LP-LOG-SLOW' });
  await vi.advanceTimersByTimeAsync(50);
  await turns();
  expect(await log.append({ count: 1, payload })).toMatchObject({ ok: true });
  await log.close();
});

test('a log closed while its disk hangs fails instead of waiting forever', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { disk, answerWithinMs: 300 });
  await appendText(log, 'one');
  const letGo = disk.hold('sync');
  const closing = expect(log.close()).rejects.toMatchObject({ code: 'LP-LOG-SLOW' });
  await turns();
  await vi.advanceTimersByTimeAsync(300);
  await closing;
  letGo();
});

test('a log closed on a full disk reports that it was not sealed', async () => {
  const disk = new FaultyDisk();
  const log = open(freshDirectory(), { disk });
  await appendText(log, 'one');
  disk.freeBytes = 0;
  await expect(log.close()).rejects.toMatchObject({ code: 'LP-LOG-FULL' });
});
