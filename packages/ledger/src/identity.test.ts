import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnerRef, Tokenize } from '@leakproof/core';
import { createEscrowKey, eraseFromEscrow, openEscrow, readEscrowKey, tokenizer } from '@leakproof/tokens';
import { expect, onTestFinished, test } from 'vitest';
import { columnsFolder, readManifest } from './columns/manifest.ts';
import { erasePerson, expire, note, reveal, rotateKey, verifyLedger } from './index.ts';
import { ask, rollLog } from './testing/in-this-process.ts';
import { access, append, DAY, freshLedger, HOUR_MS, smallLog } from './testing/ledger-directory.ts';

const NOW = { nowMs: DAY + 10 * 24 * HOUR_MS };
const ROLL = { ...NOW, keepLogMs: 0, mergeBeforeDay: '2021-06-01' };
const OLD_KEY = Buffer.alloc(32, 1);
const NEW_KEY = Buffer.alloc(32, 2);
const person = (id: string): OwnerRef => ({ kind: 'person', space: 'us', id });

interface Kept {
  readonly directory: string;
  readonly escrow: string;
  readonly tokenize: Tokenize;
  readonly key: ReturnType<typeof readEscrowKey>;
  readonly write: (tokenize: Tokenize, names: readonly string[], day?: number) => Promise<void>;
  readonly withKey: (key: Uint8Array, use: (tokenize: Tokenize) => Promise<void>) => Promise<void>;
}

/** A ledger with alice, bob and carol, whose data sam got; sam is a person too. */
async function kept(): Promise<Kept> {
  const directory = freshLedger();
  const base = mkdtempSync(join(tmpdir(), 'leakproof-keys-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const escrow = join(base, 'escrow');
  createEscrowKey(escrow, { file: join(base, 'key') });
  let requests = 0;
  const all: Kept = {
    directory,
    escrow,
    tokenize: tokenizer(OLD_KEY),
    key: readEscrowKey(escrow, { file: join(base, 'key') }),
    async write(tokenize, names, day = 0) {
      const log = smallLog(directory);
      for (const name of names)
        await append(
          log,
          access(`${requests++}`, [{ tokens: [tokenize(person(name))] }], {
            time: DAY + day * 24 * HOUR_MS,
            principal: { kind: 'member', token: tokenize(person('sam')) },
          }),
        );
      await log.close();
    },
    async withKey(key, use) {
      const adding = openEscrow(escrow);
      await use(tokenizer(key, (owner, token) => adding.add(owner, token)));
      adding.close();
    },
  };
  await all.withKey(OLD_KEY, (tokenize) => all.write(tokenize, ['alice', 'bob', 'carol', 'alice']));
  return all;
}

test('revealing needs a reason, and is itself recorded', async () => {
  const { directory, escrow, key, tokenize } = await kept();
  await rollLog({ directory, ...ROLL });
  const [{ principal } = {}] = await ask(directory, 'topPrincipals', NOW);
  const options = { token: principal?.token ?? '', escrow, key, ...NOW };
  expect(reveal(directory, { ...options, reason: 'article 33 notice' })).toEqual([person('sam')]);
  expect(() => reveal(directory, { ...options, reason: ' ' })).toThrow(expect.objectContaining({ code: 'LP-USAGE' }));
  expect(readManifest(directory).lines.at(-1)).toMatchObject({
    do: 'reveal',
    reason: 'article 33 notice',
    found: true,
  });
  expect(reveal(directory, { ...options, token: tokenize(person('nobody')), reason: 'a' })).toEqual([]);
  expect((await verifyLedger(directory)).whole).toBe(true);
});

test('a known person is asked for by id, without the escrow', async () => {
  const { directory, tokenize } = await kept();
  const { totals } = await ask(directory, 'account', { ...NOW, owner: tokenize(person('alice')) });
  expect(totals).toMatchObject({ owners: 1, records: 2 });
});

test('erasing a person removes its rows and its entry, leaves the others, and verify accepts it', async () => {
  const { directory, escrow, key, tokenize, write } = await kept();
  await rollLog({ directory, ...ROLL });
  note(directory, { do: 'export', what: 'owners.csv', sha256: 'f'.repeat(64), rows: 3 }, NOW.nowMs);
  await write(tokenize, ['dora']);
  const alice = tokenize(person('alice'));
  const report = await erasePerson(directory, { token: alice, escrow, ...NOW });
  expect(report).toMatchObject({ rows: 2, files: 1, sealed: 1, exports: [{ what: 'owners.csv', rows: 3 }] });
  const { totals } = await ask(directory, 'account', NOW);
  expect(totals).toMatchObject({ owners: 3, records: 3 });
  expect(reveal(directory, { token: alice, escrow, key, reason: 'test', ...NOW })).toEqual([]);
  expect((await ask(directory, 'ownerHistory', { ...NOW, owner: tokenize(person('bob')) })).length).toBe(1);
  expect(await verifyLedger(directory)).toMatchObject({ whole: true });
  const manifest = join(columnsFolder(directory), 'manifest.ndjson');
  const { lines } = readManifest(directory);
  expect(lines.some((line) => line.do === 'rewrite' && line.hashes.length === 1)).toBe(true);
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"old":"./, '"old":"-'));
  expect((await verifyLedger(directory)).whole).toBe(false);
});

test('where the person was the principal, the rows stay and its token goes', async () => {
  const { directory, tokenize } = await kept();
  await erasePerson(directory, { token: tokenize(person('sam')), ...NOW });
  const account = await ask(directory, 'account', NOW);
  expect(account.principals.map(({ principal, owners }) => [principal, owners])).toEqual([[{ kind: 'member' }, 3]]);
});

test('what a writer has not closed is reported as pending', async () => {
  const { directory, tokenize } = await kept();
  const log = smallLog(directory);
  await append(log, access('x', [{ tokens: [tokenize(person('alice'))] }]));
  expect(await erasePerson(directory, { token: tokenize(person('alice')), ...NOW })).toMatchObject({ pending: 1 });
  await log.close();
});

test('a hold keeps a window: erasure and retention wait, and say so', async () => {
  const { directory, tokenize, write } = await kept();
  await write(tokenize, ['alice'], 3);
  await rollLog({ directory, ...ROLL });
  note(directory, { do: 'hold', name: 'incident', fromDay: '2021-05-01', toDay: '2021-05-06' }, NOW.nowMs);
  await expect(erasePerson(directory, { token: tokenize(person('alice')), ...NOW })).rejects.toMatchObject({
    code: 'LP-LEDGER-HELD',
  });
  expect(expire(directory, '2021-06-01', NOW.nowMs)).toMatchObject({
    days: 1,
    rows: 1,
    held: [{ day: '2021-05-05', hold: 'incident' }],
  });
  expect((await ask(directory, 'account', NOW)).totals.records).toBe(4);
  note(directory, { do: 'release', name: 'incident' }, NOW.nowMs);
  expect(expire(directory, '2021-06-01', NOW.nowMs)).toMatchObject({ days: 1, held: [] });
  expect(await verifyLedger(directory)).toMatchObject({ whole: true });
  expect((await ask(directory, 'account', NOW)).totals.records).toBe(0);
});

test('records of a marked principal are left out, and counted as left out', async () => {
  const { directory, tokenize } = await kept();
  const sam = tokenize(person('sam'));
  note(directory, { do: 'mark', principal: sam, as: 'scanner' }, NOW.nowMs);
  expect(await ask(directory, 'account', NOW)).toMatchObject({ leftOut: 4, totals: { records: 0 } });
});

test('a key rotated in the middle counts each person once when it is done, and a bound until then', async () => {
  const { directory, escrow, key, write, withKey } = await kept();
  await rollLog({ directory, ...ROLL });
  await withKey(NEW_KEY, (tokenize) => write(tokenize, ['bob', 'dora'], 1));
  expect((await ask(directory, 'account', NOW)).totals.owners).toBe(5);
  const still = smallLog(directory);
  const principal = { kind: 'member', token: tokenizer(OLD_KEY)(person('sam')) };
  await append(still, access('open', [{ tokens: [tokenizer(OLD_KEY)(person('carol'))] }], { principal }));
  const rotation = { oldKey: OLD_KEY, newKey: NEW_KEY, escrow, key, ...NOW };
  expect(await rotateKey(directory, rotation)).toMatchObject({ ended: false, pending: 1 });
  expect((await ask(directory, 'account', NOW)).bound).toContain('upper bounds');
  await still.close();
  expect(await rotateKey(directory, rotation)).toMatchObject({ ended: true, pending: 0, unmapped: 0 });
  const account = await ask(directory, 'account', NOW);
  expect([account.totals.owners, account.bound, account.principalCount]).toEqual([4, undefined, 1]);
  const alice = tokenizer(NEW_KEY)(person('alice'));
  expect(reveal(directory, { token: alice, escrow, key, reason: 'test', ...NOW })).toEqual([person('alice')]);
  expect(await verifyLedger(directory)).toMatchObject({ whole: true });
});

test('a token without an entry in the escrow leaves the counts a bound after a rotation', async () => {
  const { directory, escrow, key, tokenize } = await kept();
  eraseFromEscrow(escrow, new Set([tokenize(person('alice'))]));
  const rotation = { oldKey: OLD_KEY, newKey: NEW_KEY, escrow, key, ...NOW };
  expect(await rotateKey(directory, rotation)).toMatchObject({ ended: true, unmapped: 1 });
  expect((await ask(directory, 'account', NOW)).bound).toContain('1 tokens');
});

test('no id is in what an escrow, a log and the columns have on the disk', async () => {
  const { directory, escrow } = await kept();
  await rollLog({ directory, ...ROLL });
  const bytes = [directory, escrow].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
  );
  expect(bytes.length).toBeGreaterThan(4);
  expect(bytes.filter((each) => /alice|carol/.test(each))).toEqual([]);
  expect(bytes.filter((each) => each.includes('GET /users/{id}')).length).toBeGreaterThan(0);
});
