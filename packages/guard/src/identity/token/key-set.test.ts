import { exportJWK, generateKeyPair } from 'jose';
import { isLeakproofError } from '@leakproof/core';
import { expect, test } from 'vitest';
import { keySet } from './key-set.ts';

const { publicKey } = await generateKeyPair('ES256');
const known = { ...(await exportJWK(publicKey)), kid: 'known', alg: 'ES256' };
const token = { payload: '', signature: '' };

function fetched(document: () => Promise<unknown>) {
  const clock = { nowMs: 0, fetches: 0 };
  const keys = keySet(
    { url: 'http://issuer.test/jwks.json' },
    () => {
      clock.fetches++;
      return document();
    },
    () => clock.nowMs,
  );
  const find = (kid: string) =>
    Promise.resolve(keys.find({ alg: 'ES256', kid }, token)).then(
      () => 'found',
      (error: unknown) => (isLeakproofError(error) ? error.code : 'missing'),
    );
  return { clock, find };
}

test('concurrent requests share one fetch of the keys', async () => {
  const { clock, find } = fetched(async () => ({ keys: [known] }));
  expect(await Promise.all([find('known'), find('known'), find('known')])).toEqual(['found', 'found', 'found']);
  expect(clock.fetches).toBe(1);
});

test('unknown key ids cause at most one fetch in 30 seconds', async () => {
  const { clock, find } = fetched(async () => ({ keys: [known] }));
  for (const kid of ['a', 'b', 'c']) expect(await find(kid)).toBe('missing');
  expect(clock.fetches).toBe(1);
  clock.nowMs = 30_000;
  expect(await find('d')).toBe('missing');
  expect(clock.fetches).toBe(2);
});

test('an issuer that cannot be reached adds no keys, and the known ones stay valid', async () => {
  let up = true;
  const { clock, find } = fetched(async () => {
    if (!up) throw new Error('down');
    return { keys: [known] };
  });
  expect(await find('known')).toBe('found');
  up = false;
  clock.nowMs = 3_600_000;
  expect(await find('known')).toBe('found');
  expect(await find('other')).toBe('missing');
});

test.each([[null], ['text'], [{}], [{ keys: 'none' }]])(
  'a document that is not a key set (%j) is like none: the keys are unavailable',
  async (document) => {
    expect(await fetched(async () => document).find('known')).toBe('LP-KEYS-UNAVAILABLE');
  },
);

test('while no key is known the issuer is asked again after 1, 2, 4 … seconds, up to 30, however many tokens come', async () => {
  const { clock, find } = fetched(() => Promise.reject(new Error('down')));
  const fetchedAtMs: number[] = [];
  for (clock.nowMs = 0; clock.nowMs <= 120_000; clock.nowMs += 100) {
    const before = clock.fetches;
    expect(await find('known')).toBe('LP-KEYS-UNAVAILABLE');
    if (clock.fetches > before) fetchedAtMs.push(clock.nowMs / 1000);
  }
  expect(fetchedAtMs).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
});

test('an issuer that comes back a second after the first request is known from then on', async () => {
  let up = false;
  const { clock, find } = fetched(() => (up ? Promise.resolve({ keys: [known] }) : Promise.reject(new Error('down'))));
  expect(await find('known')).toBe('LP-KEYS-UNAVAILABLE');
  up = true;
  clock.nowMs = 1_000;
  expect(await find('known')).toBe('found');
});
