import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, rollLog } from '@leakproof/ledger';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from './demo/http-client.ts';
import { type Cadence, type Guarded, startCadence } from './support/cadence.ts';

/*
 * No personal value in what we write: canaries of the lab's people, and ordinary words besides, are looked for in every byte of
 * the log and of the account.
 */

let cadence: Cadence;
let guarded: Guarded;
const values = new Set<string>();
let requests = 0;

beforeAll(async () => {
  cadence = await startCadence();
  guarded = await cadence.guard({ budgets: [] });
  const client = new HttpClient(guarded.guard.port);
  const people = cadence.lab.identities.filter((each) => each.region === 'us');
  for (const person of people.filter(({ name }) => ['sam', 'fay', 'pia', 'hugo', 'vip'].includes(name))) {
    const host = 'api.us.lab.test';
    const login = await client.send({
      host,
      path: '/auth/login',
      body: { username_or_email: person.username, password: person.password },
    });
    const { token } = login.json as { token: string };
    const mine = await client.send({ host, path: '/api/me', token });
    for (const value of leaves(mine.json)) values.add(value);
    for (const other of people.filter(({ role }) => role === 'owner')) {
      for (const path of [`/api/user/${other.userId}`, `/api/user/${other.userId}/workouts`])
        await client.send({ host, path, token });
      await client.send({ host, path: '/stats/workouts/details', token, body: { ids: [other.userId] } });
      const query =
        'query ($id: ID!) { user(id: $id) { username location protectedFields { ... on UserProtectedFields { age gender weight } } } }';
      await client.send({
        host: 'gql.us.lab.test',
        path: '/graphql',
        token,
        body: { query, variables: { id: other.userId } },
      });
    }
  }
  await client.send({ host: 'api.us.lab.test', path: '/api/user/Alice%20Example' });
  requests = client.requests;
  client.close();
  await guarded.guard.close();
});

afterAll(async () => {
  await guarded.close();
  await cadence.close();
});

/** Every string and number of a body that is long enough to be somebody's. */
function leaves(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  const text = String(value);
  return (typeof value === 'string' || typeof value === 'number') && text.length >= 6 ? [text] : [];
}

function everyByte(directory: string): string {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

test('the log of a busy guard holds no value, id or name of anybody', () => {
  const written = everyByte(guarded.logDirectory);
  expect(written.length).toBeGreaterThan(requests * 100);
  expect(values.size).toBeGreaterThan(60);
  expect([...values].filter((value) => written.includes(value))).toEqual([]);
  for (const word of ['Town-', 'ride-', 'Alice', 'mail.cadence.test', 'female', '1990-'])
    expect(written).not.toContain(word);
});

test('nor does the account made from it', async () => {
  const told = JSON.stringify(await ask(guarded.logDirectory, 'account', { nowMs: Date.now() }));
  expect(told).toContain('User');
  expect([...values].filter((value) => told.includes(value))).toEqual([]);
});

test('nor do the columns: no cell, statistic, name or byte of their files', async () => {
  const directory = guarded.logDirectory;
  await guarded.log.close();
  await rollLog({ directory, nowMs: Date.now(), keepLogMs: 3_600_000 });
  const decoded: string[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.name.endsWith('.parquet')) continue;
    const file = await asyncBufferFromFile(join(entry.parentPath, entry.name));
    const print = (value: unknown): string =>
      JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
    decoded.push(print(await parquetMetadataAsync(file)));
    for (const row of await parquetReadObjects({ file, compressors })) decoded.push(print(row));
  }
  expect(decoded.length).toBeGreaterThan(50);
  const all = `${decoded.join('\n')}\n${everyByte(directory)}`;
  expect([...values].filter((value) => all.includes(value))).toEqual([]);
  // The search finds what is there: a name of a field, and of an operation.
  expect(decoded.some((row) => row.includes('username'))).toBe(true);
  expect(all).toContain('/api/user/{id}');
});
