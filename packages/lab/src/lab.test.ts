import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from './lab.ts';
import { openLabClient, type LabClient } from './traffic/lab-client.ts';

let lab: Lab;
let client: LabClient;
let internal: LabClient;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  client = openLabClient(lab.port);
  internal = openLabClient(lab.internalPort);
});
afterAll(async () => {
  client.close();
  internal.close();
  await lab.close();
});

const idOf = (name: string): string => lab.identities.find((each) => each.name === name)?.userId ?? '';

test("the incident's query, verbatim, is answered without authentication by both gateways", async () => {
  lab.setStage('open');
  const query = 'query SharedTags($currentUserID: ID!) { User: user(id: $currentUserID) { __typename id location } }';
  for (const [host, name] of [
    ['gql.us.lab.test', 'pia'],
    ['gql.uk.lab.test', 'pia_uk'],
  ] as const) {
    const body = { query, variables: { currentUserID: idOf(name) } };
    const response = await client.send(host, { method: 'POST', path: '/graphql', body });
    expect(response).toMatchObject({
      status: 200,
      body: {
        data: { User: { __typename: 'User', id: idOf(name), location: expect.stringMatching(/^Town-/) as string } },
      },
    });
  }
});

test('introspection is off, but errors suggest the names of fields', async () => {
  const ask = (query: string): ReturnType<LabClient['send']> =>
    client.send('gql.us.lab.test', { method: 'POST', path: '/graphql', body: { query } });
  expect((await ask('{ __schema { types { name } } }')).status).toBe(400);
  expect(JSON.stringify((await ask('{ user(id: "x") { locatio } }')).body)).toContain('Did you mean');
});

test('the same id belongs to two people, one in each region', () => {
  expect(idOf('sam')).toBe(idOf('pia_uk'));
  expect(new Set(lab.identities.map(({ userId }) => userId)).size).toBe(lab.identities.length - 1);
});

test('a batch may contain workout ids and user ids', async () => {
  lab.setStage('open');
  const listed = await client.send('api.us.lab.test', { method: 'GET', path: '/api/user/olga/workouts' });
  const workout = (listed.body as { data: { id: string }[] }).data[1]?.id ?? '';
  const response = await client.send('api.us.lab.test', {
    method: 'POST',
    path: '/stats/workouts/details',
    body: { ids: [workout, idOf('pia'), 'nobody'] },
  });
  const rows = (response.body as { data: { id: string; user: { username: string } }[] }).data;
  expect(rows.map(({ user }) => user.username)).toEqual(['olga', 'pia']);
  expect(rows[0]?.id).toBe(workout);
});

describe('the internal service', () => {
  const ask = (body: unknown, host = 'internal.us.lab.test'): ReturnType<LabClient['send']> =>
    internal.send(host, { method: 'POST', path: '/lookup', body });

  test('answers relations and states of many owners, and leaves unknown ones out', async () => {
    const owners = [idOf('pia'), idOf('mina'), 'nobody'];
    const principal = { kind: 'member', id: idOf('fay'), space: 'us' };
    expect((await ask({ ask: 'follower', principal, owners })).body).toEqual({
      answers: { [idOf('pia')]: true, [idOf('mina')]: false },
    });
    expect((await ask({ ask: 'minor', owners })).body).toEqual({
      answers: { [idOf('pia')]: false, [idOf('mina')]: true },
    });
  });

  test('is not reachable by the public port', async () => {
    const probe = { method: 'POST', path: '/lookup', body: { ask: 'minor', owners: [idOf('mina')] } };
    expect((await client.send('internal.us.lab.test', probe)).status).toBe(404);
    expect((await client.send('api.us.lab.test', probe)).status).toBe(404);
  });
});

test('reset undoes every change', async () => {
  lab.setStage('sealed');
  const login = { method: 'POST', path: '/auth/login', body: { username_or_email: 'olga', password: 'ride-olga' } };
  const { token } = (await client.send('api.us.lab.test', login)).body as { readonly token: string };
  const headers = { authorization: `Bearer ${token}` };
  const location = async (): Promise<unknown> =>
    ((await client.send('api.us.lab.test', { method: 'GET', path: '/api/me' }, headers)).body as { location: string })
      .location;
  const before = await location();
  const path = `/api/user/${idOf('olga')}`;
  await client.send('api.us.lab.test', { method: 'PUT', path, body: { location: 'Elsewhere' } }, headers);
  expect(await location()).toBe('Elsewhere');
  lab.reset();
  expect(await location()).toBe(before);
});

describe('startLab', () => {
  test.each([
    [{ members: 10 }, 'LP-LAB-MEMBERS'],
    [{ members: 1000.5 }, 'LP-LAB-MEMBERS'],
    [{ stage: 'shut' }, 'LP-LAB-STAGE'],
  ])('rejects %j with %s', async (options, code) => {
    await expect(startLab(options)).rejects.toMatchObject({ code });
  });

  test('rejects a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { readonly port: number };
    await expect(startLab({ members: 200, port })).rejects.toMatchObject({ code: 'LP-LAB-PORT' });
    other.close();
  });

  test('builds a file once and uses it again, and rejects one with another lab or none in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-'));
    const databaseFile = join(folder, 'cadence.db');
    for (const _ of ['built', 'used again']) await (await startLab({ members: 200, databaseFile })).close();
    await expect(startLab({ members: 300, databaseFile })).rejects.toMatchObject({ code: 'LP-LAB-DATA' });
    const torn = join(folder, 'torn.db');
    writeFileSync(torn, 'not a database');
    await expect(startLab({ members: 200, databaseFile: torn })).rejects.toMatchObject({ code: 'LP-LAB-DATA' });
    await rm(folder, { recursive: true });
  });
});
