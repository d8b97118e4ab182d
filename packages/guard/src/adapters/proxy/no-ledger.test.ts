import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Disk, openLog, turnDisk } from '@leakproof/log';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../testing/raw-client.ts';
import { startTestGuard, token } from '../../testing/test-guard.ts';
import { startOrigin } from '../../testing/test-origin.ts';

const ALICE = '{"id":"7","city":"Oslo"}';

function alice() {
  return startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ALICE.length, 'x-origin': 'yes' });
    response.end(ALICE);
  });
}

/** A disk without free space. */
const FULL: Disk = {
  ...turnDisk,
  write: () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
};

function fullLog() {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-full-'));
  const log = openLog({ directory, now: Date.now, disk: FULL });
  onTestFinished(async () => {
    await log.close().catch(() => undefined);
    rmSync(directory, { recursive: true });
  });
  return log;
}

test('with a full disk for its log the guard releases nothing', async () => {
  const guard = await startTestGuard({ origin: await alice(), log: fullLog() });
  const answer = await ask(guard.port, 'GET /users/7', { token: await token('7') });
  expect(answer.status).toBe(503);
  expect(answer.raw).not.toContain('Oslo');
  expect(guard.counts.unrecorded).toBeGreaterThan(0);
});

test('in monitor a full disk changes nothing', async () => {
  const guard = await startTestGuard({ origin: await alice(), log: fullLog(), mode: 'monitor' });
  const answer = await ask(guard.port, 'GET /users/7', { token: await token('7') });
  expect([answer.status, answer.body, answer.headers['x-origin']]).toEqual([200, ALICE, 'yes']);
  await guard.close();
  expect(guard.counts.unrecorded).toBeGreaterThan(0);
});

test('a log that throws counts as one that refuses', async () => {
  const log = {
    append: () => {
      throw new Error('gone');
    },
  };
  const guard = await startTestGuard({ origin: await alice(), log });
  expect((await ask(guard.port, 'GET /users/7', { token: await token('7') })).status).toBe(503);
});
