import { isLeakproofError } from '@leakproof/core';
import { expect, test } from 'vitest';
import { ask, rollLog } from '../ledger.ts';
import { access, append, DAY, freshLedger, smallLog } from '../testing/ledger-directory.ts';

const NOW = { nowMs: DAY };

test('the engine runs in a process of its own, which ends with its answer', async () => {
  const directory = freshLedger();
  const log = smallLog(directory);
  await append(log, access('1', [{}]));
  await log.close();
  expect(await rollLog({ directory, ...NOW, keepLogMs: 0 })).toMatchObject({ segments: 1, facts: 1, files: 1 });
  expect((await ask(directory, 'account', NOW)).totals.owners).toBe(1);
  expect(await ask(directory, 'distinctOwners', { ...NOW, fields: ['User.id'] })).toBe(1);
});

test('an error of a call has its code here too', async () => {
  const failure: unknown = await ask('/nowhere-at-all', 'account', NOW).catch((error: unknown) => error);
  expect(isLeakproofError(failure) && failure.code).toBe('LP-FILE-UNREADABLE');
});
