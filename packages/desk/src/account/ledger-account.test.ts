import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord, type LogRecord } from '@leakproof/core';
import { rollLog } from '@leakproof/ledger';
import { openLog } from '@leakproof/log';
import { expect, onTestFinished, test } from 'vitest';
import { ledgerAccount } from './ledger-account.ts';

const DAY = Date.parse('2021-02-02T00:00:00Z');
const OPERATION = 'GET /users/{id}';

interface Access {
  readonly caller: string;
  readonly owner: string;
  readonly exposed?: readonly string[];
  readonly seen?: readonly string[];
  readonly timeMs?: number;
}

let request = 0;

function recordsOf({ caller, owner, exposed = [], seen = [], timeMs = DAY }: Access): LogRecord[] {
  const id = String(++request);
  const fact = {
    owner: 'person',
    tokens: [owner],
    role: undefined,
    about: false,
    resource: 'User',
    relations: ['anyone'],
  };
  return [
    {
      type: 'access',
      time: timeMs,
      request: id,
      server: 'one',
      operation: OPERATION,
      principal: { kind: 'member', token: caller },
      contract: 'digest',
      mode: 'monitor',
      facts: [{ ...fact, states: [], seen, exposed, withheld: [], undeclared: 0 }],
    },
    { type: 'end', time: timeMs, requests: [id], ended: 'complete' },
  ];
}

async function logOf(directory: string, ...all: readonly Access[]): Promise<void> {
  const log = openLog({ directory, now: () => DAY });
  for (const record of all.flatMap(recordsOf)) await log.append({ count: 1, payload: encodeRecord(record) });
  await log.close();
}

function freshLog(): string {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-desk-ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const QUERY = { fields: ['User.age', 'User.city'], operations: [OPERATION] };
const counting = (directory: string, ownTokens: readonly string[] = []): ReturnType<typeof ledgerAccount> =>
  ledgerAccount({ directory, ownTokens, classes: { 'User.age': 'body.age' }, now: () => DAY });

test('the exposed are counted once each, without our own identities, allowed data and other fields', async () => {
  const directory = freshLog();
  await logOf(
    directory,
    { caller: 'sam', owner: 'alice', exposed: ['age'] },
    { caller: 'sam', owner: 'alice', exposed: ['age', 'city'] },
    { caller: 'tim', owner: 'bob', exposed: ['city'] },
    { caller: 'sam', owner: 'carol', seen: ['age'], exposed: ['weight'] },
    { caller: 'our-tester', owner: 'dave', exposed: ['age'] },
    { caller: 'sam', owner: 'our-tester', exposed: ['age'] },
  );
  expect(await counting(directory, ['our-tester'])(QUERY)).toMatchObject({
    people: 2,
    records: 3,
    classes: ['User.city', 'body.age'],
    grade: 'observed',
    isComplete: true,
  });
});

test('what has been rolled out of the log is counted as before', async () => {
  const directory = freshLog();
  await logOf(directory, { caller: 'sam', owner: 'alice', exposed: ['age'] });
  await logOf(directory, { caller: 'sam', owner: 'bob', exposed: ['age'] });
  await logOf(directory, { caller: 'sam', owner: 'carol', exposed: ['age'] });
  const before = await counting(directory)(QUERY);
  const rolled = await rollLog({ directory, nowMs: Date.now() + 864e5, keepLogMs: 0 });
  expect(rolled.removedSegments).toBeGreaterThan(0);
  expect(await counting(directory)(QUERY)).toEqual(before);
  expect(before.people).toBe(3);
});

test('an operation without any record makes the count a lower bound, and times limit it', async () => {
  const directory = freshLog();
  await logOf(
    directory,
    { caller: 'sam', owner: 'alice', exposed: ['age'] },
    { caller: 'sam', owner: 'bob', exposed: ['age'], timeMs: DAY + 60_000 },
  );
  const count = counting(directory);
  expect(await count({ ...QUERY, operations: [OPERATION, 'GET /other'] })).toMatchObject({
    people: 2,
    isComplete: false,
  });
  expect(await count({ ...QUERY, sinceMs: DAY + 60_000 })).toMatchObject({ people: 1 });
  expect(await count({ ...QUERY, fields: [] })).toMatchObject({ people: 2, isComplete: true });
});
