import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLab, type Lab, type LabIdentity } from '@leakproof/lab';
import {
  buildInventory,
  gradeOwnership,
  matchOperations,
  readRecording,
  readTraffic,
  recordTraffic,
  traceValues,
  writeRecording,
  type Flow,
  type Inventory,
  type Recorder,
} from '@leakproof/sources';
import type { Exchange } from '@leakproof/core';

/** Incomplete on purpose: without the statistics, the GraphQL gateway and the list of instructors. */
const OPENAPI = `openapi: 3.0.3
info: { title: Cadence, version: '1' }
servers: [{ url: 'http://api.us.lab.test' }]
paths:
  /auth/login: { post: { responses: { '200': { description: in } } } }
  /api/me: { get: { responses: { '200': { description: me } } } }
  /api/user/{userId}:
    get:
      parameters: [{ name: userId, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: a person } }
  /api/user/{userId}/workouts:
    get:
      parameters: [{ name: userId, in: path, required: true, schema: { type: string } }, { name: limit, in: query, schema: { type: integer } }]
      responses: { '200': { description: workouts } }
  /api/workout/{workoutId}:
    get:
      parameters: [{ name: workoutId, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: a workout } }
  /api/never/called: { get: { responses: { '200': { description: never } } } }
`;

const HOSTS = ['api.us.lab.test', 'gql.us.lab.test', 'api.uk.lab.test'];
const folder = mkdtempSync(join(tmpdir(), 'record-lab-'));
const key = { bytes: new Uint8Array(32).fill(1) };
let lab: Lab;
let inventory: Inventory;
let shapesOnly: Inventory;
let flow: Flow;
let exchanges: Exchange[];

interface Call {
  readonly host: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly method?: string;
}

/** Sends one request of an app through the proxy. */
function send(proxy: Recorder, { host, path, token, body, method }: Call): Promise<Record<string, never>> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port: proxy.port,
      path: `http://${host}${path}`,
      method: method ?? (text === undefined ? 'GET' : 'POST'),
      agent: false,
      headers: {
        host,
        'user-agent': 'Cadence/3 CFNetwork/1408 Darwin/22.5',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    sent.on('response', (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const content = Buffer.concat(pieces).toString();
        try {
          resolve(JSON.parse(content) as Record<string, never>);
        } catch {
          resolve({});
        }
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** A session of a member with the app. */
async function useTheApp(proxy: Recorder, member: LabIdentity): Promise<void> {
  const api = 'api.us.lab.test';
  const login = await send(proxy, {
    host: api,
    path: '/auth/login',
    body: { username_or_email: member.username, password: member.password },
  });
  const token = String(login['token']);
  const get = (path: string, host = api): Promise<Record<string, never>> => send(proxy, { host, path, token });
  await get('/health');
  await get('/api/me');
  const people: { id: string; username: string }[] = [];
  for (const word of ['ol', 'pi', 'hu', 'vip', 'nosuchperson']) {
    const found = await get(`/api/user/search/${word}?limit=5`);
    people.push(...((found['data'] ?? []) as typeof people));
  }
  const workouts: string[] = [];
  for (const { id, username } of people.slice(0, 6)) {
    await get(`/api/user/${id}`);
    await get(`/api/user/${username}`);
    const list = await get(`/api/user/${id}/workouts?limit=5`);
    workouts.push(...((list['data'] ?? []) as { id: string }[]).map((workout) => workout.id));
    await get(`/api/user/${username}/followers?limit=5`);
  }
  await get('/api/user/somebody_gone');
  for (const id of workouts.slice(0, 4)) await get(`/api/workout/${id}`);
  await send(proxy, {
    host: api,
    path: '/stats/workouts/details',
    token,
    body: { ids: people.slice(0, 3).map(({ id }) => id) },
  });
  await get('/api/instructor');
  await get('/api/ride/metadata_mappings');
  const graphql = (query: string, variables: Record<string, unknown>): Promise<Record<string, never>> =>
    send(proxy, { host: 'gql.us.lab.test', path: '/graphql', token, body: { query, variables } });
  const shared = 'query SharedTags($currentUserID: ID!) { User: user(id: $currentUserID) { __typename id location } }';
  for (const { id } of people.slice(0, 3)) await graphql(shared, { currentUserID: id });
  await graphql('{ me { id username } tag(tagName: "SharedTag") { users { edges { node { id } } } } }', {});
  await get('/health', 'api.uk.lab.test');
}

async function recorded(mode: 'full' | 'shapes-only'): Promise<{ path: string; bytes: string }> {
  const path = join(folder, `${mode}.rec`);
  const created = Date.now();
  const writer = writeRecording(path, { identity: 'fay', mode, key, created, expires: created + 3_600_000 });
  const resolve = new Map(
    [...HOSTS, 'ads.test'].map((host) => [`${host}:80`, { address: '127.0.0.1', port: lab.port }] as const),
  );
  const proxy = await recordTraffic({
    hosts: ['*.lab.test'],
    intercept: [],
    identity: 'fay',
    resolve,
    onExchange: (one) => writer.add(one),
  });
  const fay = lab.identities.find(({ name }) => name === 'fay');
  if (!fay) throw new Error('the lab has no fay');
  await useTheApp(proxy, fay);
  await send(proxy, { host: 'ads.test', path: '/pixel.gif' });
  await proxy.close();
  writer.close();
  return { path, bytes: readFileSync(path, 'latin1') };
}

async function inventoryOf(path: string): Promise<Inventory> {
  const builder = buildInventory();
  const openapi = join(folder, 'openapi.yaml');
  writeFileSync(openapi, OPENAPI);
  for (const file of [path, openapi])
    for await (const one of readTraffic(file, { keyOf: () => key })) builder.take(one);
  return builder.finish();
}

beforeAll(async () => {
  lab = await startLab({ stage: 'members' });
  const { path } = await recorded('full');
  inventory = await inventoryOf(path);
  shapesOnly = await inventoryOf((await recorded('shapes-only')).path);
  exchanges = [];
  for await (const exchange of (await readRecording(path, key)).exchanges) exchanges.push(exchange);
  const tracer = traceValues({ operationOf: matchOperations(inventory), key: key.bytes });
  for (const exchange of exchanges) tracer.add(exchange);
  flow = tracer.finish();
});

afterAll(() => lab.close());

const US = 'http://api.us.lab.test';
const REQUESTED = [
  `http://api.uk.lab.test GET /health`,
  `${US} GET /api/instructor`,
  `${US} GET /api/me`,
  `${US} GET /api/ride/metadata_mappings`,
  `${US} GET /api/user/search/{id}`,
  `${US} GET /api/user/{userId}`,
  `${US} GET /api/user/{userId}/followers`,
  `${US} GET /api/user/{userId}/workouts`,
  `${US} GET /api/workout/{workoutId}`,
  `${US} GET /health`,
  `${US} POST /auth/login`,
  `${US} POST /stats/workouts/details`,
  'http://gql.us.lab.test Query.me',
  'http://gql.us.lab.test Query.tag',
  'http://gql.us.lab.test Query.user',
];

test('the inventory contains every operation and host of the traffic, and no other', () => {
  expect(inventory.operations.map(({ origin, name }) => `${origin} ${name}`).sort()).toEqual(REQUESTED);
  expect(inventory.hosts.map(({ origin, declared }) => [origin, declared])).toEqual([
    ['http://api.uk.lab.test', false],
    [US, true],
    ['http://gql.us.lab.test', false],
  ]);
});

test('undeclared operations are listed, and declared ones without traffic too', () => {
  const undeclared = inventory.operations.filter(({ declared, origin }) => declared === undefined && origin === US);
  expect(undeclared.map(({ name }) => name).sort()).toEqual([
    'GET /api/instructor',
    'GET /api/ride/metadata_mappings',
    'GET /api/user/search/{id}',
    'GET /api/user/{userId}/followers',
    'GET /health',
    'POST /stats/workouts/details',
  ]);
  expect(inventory.unseen.map(({ name }) => name)).toEqual(['GET /api/never/called']);
});

test('an inventory of a shapes-only recording has the same hosts and GraphQL fields, and the paths without values', () => {
  const names = shapesOnly.operations.map(({ origin, name }) => `${origin} ${name}`);
  expect(names).toEqual(
    expect.arrayContaining(
      REQUESTED.filter((name) => /Query|\/api\/me|\/workouts$|\/followers$|\/details$/.test(name)),
    ),
  );
  expect(shapesOnly.hosts).toHaveLength(3);
});

test('no username or id is in an inventory or a flow', () => {
  for (const { username, userId } of lab.identities) {
    for (const text of [JSON.stringify(inventory), JSON.stringify(shapesOnly), JSON.stringify(flow)]) {
      expect(text).not.toContain(userId);
      if (username.length > 3) expect(text).not.toContain(`"${username}"`);
      expect(text).not.toContain(`/${username}`);
    }
  }
});

test('the flow shows that ids of a search are used to request the statistics of others', () => {
  const edges = flow.edges.map(
    ({ producer, consumer }) =>
      `${producer.operation} ${producer.name} → ${consumer.operation} ${consumer.place} ${consumer.name}`,
  );
  expect(edges).toEqual(
    expect.arrayContaining([
      'GET /api/user/search/{id} /data/*/id → POST /stats/workouts/details body /ids/*',
      'GET /api/user/search/{id} /data/*/id → Query.user argument id',
      'GET /api/user/{userId}/workouts /data/*/id → GET /api/workout/{workoutId} path workoutId',
      'POST /auth/login /token → GET /api/me header authorization',
    ]),
  );
});

test('the traffic of one person shows her own objects, and proves nothing about others', () => {
  const { objects } = gradeOwnership(exchanges, { key: key.bytes, operationOf: matchOperations(inventory) });
  const own = objects.filter(({ owner }) => owner === 'fay');
  expect(own.length).toBeGreaterThan(0);
  expect(objects.filter(({ provable }) => provable)).toEqual([]);
});
