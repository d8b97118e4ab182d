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

interface Call {
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

function send(proxy: Recorder, { path, token, body }: Call): Promise<string> {
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

/** Each member requests her own list twice; an anonymous caller requests it too; one member requests the list of the other. */
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
    const login = await send(proxy, {
      path: '/auth/login',
      body: { username_or_email: member.username, password: member.password },
    });
    const { token } = JSON.parse(login) as { token: string };
    const own = `/api/user/${member.userId}/workouts?limit=1000`;
    for (let round = 0; round < 2; round++) await send(proxy, { path: own, token });
    await send(proxy, { path: own });
    if (other) await send(proxy, { path: `/api/user/${other.userId}/workouts?limit=1000`, token });
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

test('workouts that are in one member’s own list only, and contain her id, are provably hers', () => {
  for (const name of ['fay', 'sam']) {
    const own = objects.filter(({ kind, owner }) => kind === 'workout' && owner === name);
    expect(own.length).toBeGreaterThan(0);
    for (const { grade, provable, counter, missing } of own) {
      expect({ grade, provable, counter, missing }).toEqual({ grade: 2, provable: true, counter: [], missing: [] });
    }
  }
});

test('a member who only read an object is not graded as its owner', () => {
  const owners = new Map<string, Set<string | undefined>>();
  for (const { kind, object, owner } of objects) {
    if (kind === 'workout') owners.set(object, (owners.get(object) ?? new Set()).add(owner));
  }
  for (const names of owners.values()) expect(names.size).toBe(1);
});
