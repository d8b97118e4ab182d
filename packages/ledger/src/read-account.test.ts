import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord, type LogRecord } from '@leakproof/core';
import { openLog } from '@leakproof/log';
import { expect, onTestFinished, test } from 'vitest';
import { account } from './index.ts';
import { ask } from './testing/in-this-process.ts';

async function logWith(payloads: readonly Uint8Array[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const log = openLog({ directory, now: () => 1_000 });
  for (const payload of payloads) await log.append({ count: 1, payload });
  await log.appendGap({ count: 3, reason: 'lost' });
  await log.close();
  return directory;
}

const RECORDS: readonly LogRecord[] = [
  {
    type: 'access',
    time: 1_000,
    request: '1',
    server: 'us',
    operation: 'GET /users/{id}',
    principal: { kind: 'anonymous' },
    contract: 'digest',
    mode: 'monitor',
    facts: [
      {
        owner: 'person',
        tokens: ['alice'],
        role: undefined,
        about: false,
        resource: 'User',
        relations: ['anyone'],
        states: [],
        seen: ['id'],
        exposed: ['age'],
        withheld: [],
        undeclared: 0,
      },
    ],
  },
  { type: 'end', time: 1_001, requests: ['1'], ended: 'complete' },
];

test('an account is read from the frames of a log, and counts what could not be read', async () => {
  const directory = await logWith([...RECORDS.map(encodeRecord), Buffer.from('{"type":"something newer"}')]);
  const result = account(directory);
  expect(result.unread).toEqual({ factsNotRecorded: 3, damaged: 0, unknownRecords: 1 });
  expect(await ask(directory, 'account', { nowMs: 1 })).toMatchObject({
    principals: [
      {
        principal: { kind: 'anonymous' },
        owners: 1,
        fields: [
          { field: 'age', exposed: 1 },
          { field: 'id', seen: 1 },
        ],
      },
    ],
  });
});

test('an account of an empty log is empty', async () => {
  expect(account(await logWith([])).principals).toEqual([]);
});
