import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { backup, checkBackup, restore } from './backup.ts';
import { type OpenStore, openStore } from './store.ts';
import type { CaseRow, EventRow } from './tables.ts';
import { startPostgres, type TestPostgres } from './testing/postgres.ts';

let postgres: TestPostgres;
const directory = mkdtempSync(join(tmpdir(), 'leakproof-store-'));
let files = 0;
const newFile = (): string => join(directory, `${++files}`);

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.close();
  rmSync(directory, { recursive: true, force: true });
});

async function opened(location: string): Promise<OpenStore> {
  const store = await openStore(location);
  onTestFinished(() => store.close());
  return store;
}

const caseRow = (id: string, more: Partial<CaseRow> = {}): CaseRow => ({
  id,
  keyHash: `hash of ${id}`,
  openedMs: 1_611_154_800_000,
  title: 'Anyone can read every profile',
  party: 'us',
  dueMs: 5,
  wakeMs: 5,
  priority: 0,
  events: 0,
  ...more,
});
const eventRow = (caseId: string, n: number): EventRow => ({
  caseId,
  n,
  atMs: 1_611_154_800_000 + n,
  kind: 'note',
  actor: 'ann',
  body: '{}',
});

describe.each(['sqlite', 'postgresql'] as const)('%s', (dialect) => {
  const location = async (): Promise<string> => (dialect === 'sqlite' ? newFile() : postgres.database());

  test('keeps cases, and lists open ones by their next due time', async () => {
    const { rows, dialect: name } = await opened(await location());
    expect(name).toBe(dialect);
    await rows.insert(caseRow('a', { dueMs: 30 }));
    await rows.insert(caseRow('b', { dueMs: 10, wakeMs: 100 }));
    await rows.insert(caseRow('c', { dueMs: 10, priority: 2, wakeMs: null }));
    await rows.insert(caseRow('d', { party: null, dueMs: null, wakeMs: null }));
    expect((await rows.open()).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(await rows.awake(50)).toEqual(['a']);
    await rows.update('a', { wakeMs: 200, title: 'Other' });
    expect(await rows.awake(100)).toEqual(['b']);
    expect(await rows.get('a')).toEqual(caseRow('a', { dueMs: 30, wakeMs: 200, title: 'Other' }));
    expect((await rows.byKeyHash('hash of b'))?.id).toBe('b');
    const about = (caseId: string, finding: string) => ({ caseId, finding });
    await rows.addFindings([about('c', 'f'), about('c', 'g'), about('a', 'g')]);
    await rows.addFindings([about('c', 'f')]);
    await rows.addFindings([]);
    expect((await rows.byFindings(['g', 'f', 'h'])).map(({ id }) => id)).toEqual(['a', 'c']);
    expect([await rows.byFindings([]), await rows.byFindings(['h'])]).toEqual([[], []]);
    expect(await rows.get('none')).toBeUndefined();
  });

  test('events can be added, and neither changed nor removed', async () => {
    const store = await opened(await location());
    await store.rows.insert(caseRow('a'));
    await store.rows.append([eventRow('a', 1), eventRow('a', 2)]);
    await expect(sql`update events set body = '1'`.execute(store.db)).rejects.toThrow('append-only');
    await expect(sql`delete from events`.execute(store.db)).rejects.toThrow('append-only');
    await expect(store.rows.append([eventRow('a', 2)])).rejects.toThrow(/unique/i);
    expect(await store.rows.eventsOf('a')).toEqual([eventRow('a', 1), eventRow('a', 2)]);
    expect([await store.rows.withEvent('note'), await store.rows.withEvent('other')]).toEqual([['a'], []]);
  });

  test('a transaction that fails leaves nothing, and one that met another writer is repeated', async () => {
    const store = await opened(await location());
    await store.rows.insert(caseRow('a'));
    const failing = store.transact(async (rows) => {
      await rows.append([eventRow('a', 1)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow(expect.objectContaining({ code: 'LP-STORE-UNAVAILABLE' }) as Error);
    expect(await store.rows.eventsOf('a')).toEqual([]);
    const append = (): Promise<void> =>
      store.transact(async (rows) => {
        const before = await rows.eventsOf('a');
        await rows.append([eventRow('a', before.length + 1)]);
      });
    await Promise.all(Array.from({ length: 6 }, append));
    expect((await store.rows.eventsOf('a')).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('keeps files as bytes, proofs, notices, messages, staff, channels and settings', async () => {
    const { rows } = await opened(await location());
    await rows.insert(caseRow('a'));
    const content = Uint8Array.from([0, 255, 10, 13]);
    await rows.addFile({ id: 'f', caseId: 'a', name: 'x.svg', sha256: 's', sizeBytes: 4, content });
    expect([...((await rows.file('f'))?.content ?? [])]).toEqual([...content]);
    expect(await rows.filesOf('a')).toEqual([{ id: 'f', caseId: 'a', name: 'x.svg', sha256: 's', sizeBytes: 4 }]);
    await rows.addProof({ id: 'p', caseId: 'a', format: 'har', body: '{}', runnable: 1, addedMs: 1 });
    expect(await rows.proofsOf('a')).toEqual(await rows.runnableProofs());
    await rows.owe([{ caseId: 'a', person: 'token', state: 'owed', atMs: 1, how: null }]);
    await rows.setNotice({ caseId: 'a', person: 'token', state: 'told', atMs: 2, how: 'mail' });
    await rows.owe([{ caseId: 'a', person: 'token', state: 'owed', atMs: 3, how: null }]);
    expect(await rows.noticesOf('a')).toEqual([{ caseId: 'a', person: 'token', state: 'told', atMs: 2, how: 'mail' }]);
    const queued = {
      caseId: 'a',
      sink: 'mail',
      target: 't',
      body: '{}',
      madeMs: 1,
      nextMs: 5,
      attempts: 0,
      error: null,
    };
    await rows.queue({ ...queued, id: 'm', state: 'queued' });
    expect(await rows.dueMessages(4, 9)).toEqual([]);
    expect(await rows.dueMessages(5, 9)).toHaveLength(1);
    await rows.setMessage('m', { state: 'sent' });
    expect(await rows.dueMessages(5, 9)).toEqual([]);
    expect(await rows.messages('a')).toEqual(await rows.allMessages());
    await rows.putStaff({ name: 'ann', role: 'lead', keyHash: 'k', mail: null });
    await rows.putStaff({ name: 'ann', role: 'assignee', keyHash: 'k', mail: 'ann@example.org' });
    await rows.addSession({ tokenHash: 't', staff: 'ann', untilMs: 10 });
    expect([await rows.sessionStaff('t', 9), await rows.sessionStaff('t', 10)]).toEqual([
      { name: 'ann', role: 'assignee', keyHash: 'k', mail: 'ann@example.org' },
      undefined,
    ]);
    await rows.removeStaff('ann');
    expect([await rows.staff(), await rows.sessionStaff('t', 9)]).toEqual([[], undefined]);
    await rows.putChannel({ name: 'mail', openedMs: 1, alarmedMs: null });
    await rows.putChannel({ name: 'mail', openedMs: 2, alarmedMs: 3 });
    expect(await rows.channels()).toEqual([{ name: 'mail', openedMs: 2, alarmedMs: 3 }]);
    await rows.set('a', '1');
    await rows.set('a', '2');
    expect([await rows.setting('a'), await rows.setting('b')]).toEqual(['2', undefined]);
  });

  test.each(['sqlite', 'postgresql'] as const)('a backup restores into an empty %s database', async (target) => {
    const store = await opened(await location());
    await store.rows.insert(caseRow('a'));
    for (let n = 1; n <= 450; n += 50)
      await store.rows.append(Array.from({ length: 50 }, (_, at) => eventRow('a', n + at)));
    await store.rows.addFile({
      id: 'f',
      caseId: 'a',
      name: 'x',
      sha256: 's',
      sizeBytes: 2,
      content: Uint8Array.of(0, 9),
    });
    const path = newFile();
    const count = await backup(store, path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await checkBackup(path)).toBe(count);
    const other = await opened(target === 'sqlite' ? newFile() : await postgres.database());
    expect(await restore(other, path)).toBe(count);
    expect(await other.rows.eventsOf('a')).toEqual(await store.rows.eventsOf('a'));
    expect([...((await other.rows.file('f'))?.content ?? [])]).toEqual([0, 9]);
    await other.rows.append([eventRow('a', 451)]);
    await expect(restore(other, path)).rejects.toThrow(
      expect.objectContaining({ code: 'LP-STORE-NOT-EMPTY' }) as Error,
    );
  });

  test('a database of a later release is refused', async () => {
    const place = await location();
    const store = await openStore(place);
    await sql`update schema_version set version = 999`.execute(store.db);
    await store.close();
    await expect(openStore(place)).rejects.toThrow(expect.objectContaining({ code: 'LP-STORE-NEWER' }) as Error);
  });
});

test('a backup that is damaged, cut off or something else is refused', async () => {
  const store = await opened(':memory:');
  await store.rows.insert(caseRow('a'));
  const path = newFile();
  await backup(store, path);
  const whole = readFileSync(path);
  const refusal = expect.objectContaining({ code: 'LP-BACKUP-INVALID' }) as Error;
  for (const bytes of [whole.subarray(0, -12), Buffer.concat([whole, whole]), Buffer.from('text'), Buffer.alloc(0)]) {
    writeFileSync(path, bytes);
    const empty = await opened(':memory:');
    await expect(restore(empty, path)).rejects.toThrow(refusal);
    expect(await empty.rows.all()).toEqual([]);
  }
});

test.each(['/nowhere/at/all.db', 'postgres://desk@127.0.0.1:1/desk'])(
  '%s cannot be opened, with a code',
  async (place) => {
    await expect(openStore(place)).rejects.toThrow(expect.objectContaining({ code: 'LP-STORE-UNAVAILABLE' }) as Error);
    expect(existsSync('/nowhere')).toBe(false);
  },
);

test('two processes may write the same file: neither is refused', async () => {
  const path = newFile();
  const [one, two] = [await opened(path), await opened(path)];
  await one.rows.insert(caseRow('a'));
  const append = (store: OpenStore): Promise<void> =>
    store.transact(async (rows) => rows.append([eventRow('a', (await rows.eventsOf('a')).length + 1)]));
  for (let i = 0; i < 5; i++) {
    await append(one);
    await append(two);
  }
  expect(await one.rows.eventsOf('a')).toHaveLength(10);
});
