import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exchange } from '@leakproof/core';
import { startLab, type Lab } from '@leakproof/lab';
import {
  buildInventory,
  gradeOwnership,
  matchOperations,
  recordTraffic,
  type Ownership,
  type Recorder,
} from '@leakproof/sources';

const HOST = 'api.us.lab.test';
const exchanges: Exchange[] = [];
let lab: Lab;
let objects: readonly Ownership[];

function ask(proxy: Recorder, path: string, token?: string, body?: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = request({
      host: '127.0.0.1',
      port: proxy.port,
      path: `http://${HOST}${path}`,
      method: text === undefined ? 'GET' : 'POST',
      agent: false,
      headers: {
        host: HOST,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    sent.on('response', (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve(Buffer.concat(pieces).toString()));
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Each member looks at what is hers twice; nobody logged in tries the same; and one looks at the other's. */
beforeAll(async () => {
  lab = await startLab({ stage: 'members', members: 100 });
  const resolve = new Map([[`${HOST}:80`, { address: '127.0.0.1', port: lab.port }]]);
  const [fay, sam] = ['fay', 'sam'].map((name) => lab.identities.find((identity) => identity.name === name));
  if (!fay || !sam) throw new Error('the lab has no fay or no sam');
  for (const [member, other] of [
    [fay, undefined],
    [sam, fay],
  ] as const) {
    const proxy = await recordTraffic({
      hosts: [HOST],
      intercept: [],
      identity: member.name,
      resolve,
      onExchange: (one) => exchanges.push(one),
    });
    const login = await ask(proxy, '/auth/login', undefined, {
      username_or_email: member.username,
      password: member.password,
    });
    const { token } = JSON.parse(login) as { token: string };
    for (let turn = 0; turn < 2; turn++) await ask(proxy, `/api/user/${member.userId}/workouts?limit=1000`, token);
    await ask(proxy, `/api/user/${member.userId}/workouts?limit=1000`);
    if (other) await ask(proxy, `/api/user/${other.userId}/workouts?limit=1000`, token);
    await proxy.close();
  }
  const inventory = buildInventory();
  for (const exchange of exchanges) inventory.add(exchange);
  ({ objects } = gradeOwnership(exchanges, {
    key: new Uint8Array(32),
    operationOf: matchOperations(inventory.finish()),
  }));
});

afterAll(() => lab.close());

test('workouts that stand in one member’s own list alone, and carry her id, may be proven hers', () => {
  for (const name of ['fay', 'sam']) {
    const own = objects.filter(({ kind, owner }) => kind === 'workout' && owner === name);
    expect(own.length).toBeGreaterThan(0);
    for (const { grade, provable, counter, missing } of own) {
      expect({ grade, provable, counter, missing }).toEqual({ grade: 2, provable: true, counter: [], missing: [] });
    }
  }
});

test('no object is graded as anybody’s who only looked at it', () => {
  const owners = new Map<string, Set<string | undefined>>();
  for (const { kind, object, owner } of objects) {
    if (kind === 'workout') owners.set(object, (owners.get(object) ?? new Set()).add(owner));
  }
  for (const names of owners.values()) expect(names.size).toBe(1);
});
