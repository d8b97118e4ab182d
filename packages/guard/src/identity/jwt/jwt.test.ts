import { type CompiledContract, isKnown } from '@leakproof/core';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { incoming } from '../../testing/run-request.ts';
import { compileContract, SMALL_CONTRACT } from '../../testing/small-contract.ts';
import type { Identify } from '../identify.ts';
import { testIdentifier } from '../../testing/test-identifier.ts';

const NOW_SECONDS = 1_000_000;

async function keyPair(algorithm: string, members: Record<string, unknown> = {}) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), ...members } };
}
type Pair = Awaited<ReturnType<typeof keyPair>>;

const sign = ({ privateKey }: Pair, header: { alg: string; kid?: string }, claims: Record<string, unknown> = {}) =>
  new SignJWT({ iss: 'cadence', aud: 'api', sub: '7', exp: NOW_SECONDS + 60, ...claims })
    .setProtectedHeader(header)
    .sign(privateKey);

function contractFor(algorithms: string, keys: readonly unknown[], more = ''): CompiledContract {
  return compileContract(SMALL_CONTRACT.replace('algorithms: [ES256]', `algorithms: [${algorithms}]${more}`), keys);
}

/** The id of the token's principal, or why it has none. */
async function idBy(identify: Identify, token: string): Promise<string | undefined> {
  const identified = await identify(incoming('GET /', { headers: [['authorization', `Bearer ${token}`]] }));
  if ('unavailable' in identified) return identified.unavailable;
  return 'principal' in identified && isKnown(identified.principal) ? identified.principal.id : undefined;
}

/** The same, with a new reader. */
function read(contract: CompiledContract, token: string, fetchKeys = () => Promise.reject(new Error('none'))) {
  const identify = testIdentifier({ contract, fetchKeys, now: () => NOW_SECONDS * 1000 });
  return idBy(identify, token);
}

const [one, two, foreign] = await Promise.all([keyPair('ES256'), keyPair('ES256'), keyPair('ES256')]);
const rsa = await keyPair('RS256');
const ed = await keyPair('EdDSA');

describe('a token without a key id', () => {
  const keys = [
    { ...one.jwk, kid: 'k1', alg: 'ES256' },
    { ...two.jwk, kid: 'k2', alg: 'ES256' },
  ];
  const contract = contractFor('ES256', keys);

  test.each([
    ['first', one],
    ['second', two],
  ] as const)('is accepted if the %s published key signed it', async (_, pair) => {
    expect(await read(contract, await sign(pair, { alg: 'ES256' }))).toBe('7');
  });

  test('is refused if none of the published keys signed it', async () => {
    expect(await read(contract, await sign(foreign, { alg: 'ES256' }))).toBeUndefined();
  });

  test('is refused if it has expired, whichever key signed it', async () => {
    expect(await read(contract, await sign(two, { alg: 'ES256' }, { exp: NOW_SECONDS - 1 }))).toBeUndefined();
  });

  test('is accepted by a key that the issuer has published since', async () => {
    const url = contractFor('ES256', []);
    const principals = url.principals.map((kind) =>
      kind.by.how === 'jwt' ? { ...kind, by: { ...kind.by, jwks: { url: 'http://issuer.test/jwks' } } } : kind,
    );
    let published: readonly unknown[] = [one.jwk];
    const clock = { nowMs: NOW_SECONDS * 1000 };
    const identify = testIdentifier({
      contract: { ...url, principals },
      fetchKeys: () => Promise.resolve({ keys: published }),
      now: () => clock.nowMs,
    });
    expect(await idBy(identify, await sign(one, { alg: 'ES256' }))).toBe('7');
    published = [one.jwk, two.jwk];
    expect(await idBy(identify, await sign(two, { alg: 'ES256' }))).toBeUndefined();
    clock.nowMs += 30_000;
    expect(await idBy(identify, await sign(two, { alg: 'ES256' }))).toBe('7');
  });
});

test('a token with the id of another key is refused, also if a published key signed it', async () => {
  const contract = contractFor('ES256', [
    { ...one.jwk, kid: 'k1' },
    { ...two.jwk, kid: 'k2' },
  ]);
  expect(await read(contract, await sign(one, { alg: 'ES256', kid: 'k2' }))).toBeUndefined();
});

test.each([
  ['RS256', rsa, 'RS256'],
  ['RS256, ES256', one, 'ES256'],
])('a key without an algorithm is used for the tokens of its type (%s)', async (algorithms, pair, alg) => {
  const contract = contractFor(algorithms, [rsa.jwk, { ...one.jwk, kid: 'k' }]);
  expect(await read(contract, await sign(pair, { alg }))).toBe('7');
});

describe.each(['EdDSA', 'Ed25519'])('with %s in the contract', (algorithm) => {
  test.each([
    ['EdDSA', undefined],
    ['Ed25519', undefined],
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ])('a token with the name %s is verified by a key with the name %s', async (alg, ofKey) => {
    const contract = contractFor(algorithm, [{ ...ed.jwk, ...(ofKey === undefined ? {} : { alg: ofKey }) }]);
    expect(await read(contract, await sign(ed, { alg }))).toBe('7');
  });
});

describe('the leeway of a contract', () => {
  const keys = [one.jwk];
  const at = (claims: Record<string, unknown>) => sign(one, { alg: 'ES256' }, claims);

  test.each([
    [{ exp: NOW_SECONDS - 20 }, '7'],
    [{ exp: NOW_SECONDS - 40 }, undefined],
    [{ nbf: NOW_SECONDS + 20 }, '7'],
    [{ nbf: NOW_SECONDS + 40 }, undefined],
  ])('of 30 s applies to %j', async (claims, id) => {
    expect(await read(contractFor('ES256', keys, ', leeway: 30s'), await at(claims))).toBe(id);
  });

  test.each([{ exp: NOW_SECONDS - 1 }, { nbf: NOW_SECONDS + 1 }])('is 0 where it says nothing (%j)', async (claims) => {
    expect(await read(contractFor('ES256', keys), await at(claims))).toBeUndefined();
  });

  test('is at most 5 minutes', () => {
    expect(() => contractFor('ES256', keys, ', leeway: 6m')).toThrow('Expired tokens would be accepted for long.');
  });
});

test('while the keys of its issuer cannot be fetched, a token is neither valid nor invalid', async () => {
  const contract = contractFor('ES256', []);
  const principals = contract.principals.map((kind) =>
    kind.by.how === 'jwt' ? { ...kind, by: { ...kind.by, jwks: { url: 'http://issuer.test/jwks' } } } : kind,
  );
  expect(await read({ ...contract, principals }, await sign(one, { alg: 'ES256' }))).toBe('LP-KEYS-UNAVAILABLE');
});
