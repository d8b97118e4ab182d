import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKnown, isLeakproofError } from '@leakproof/core';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { incoming } from '../../testing/run-request.ts';
import { compileContract, SMALL_CONTRACT } from '../../testing/small-contract.ts';
import { testIdentifier } from '../../testing/test-identifier.ts';
import { readSecret } from '../secret.ts';

const NOW_SECONDS = 1_000_000;
const SECRET = 'a secret that the origin signs its tokens with';
const es = await generateKeyPair('ES256', { extractable: true });
const spki = await exportSPKI(es.publicKey);
const jwk = { ...(await exportJWK(es.publicKey)), kid: 'k' };

const BOTH = 'jwt: { issuer: cadence, audience: api, jwks: jwks.json, algorithms: [ES256] }';
const HS = 'jwt: { unchecked: [issuer, audience], secret: { env: SIGNING }, algorithms: [HS256] }';
const contractWith = (by: string) => compileContract(SMALL_CONTRACT.replace(BOTH, by), [jwk]);

/** The id of the caller with this token: HS256 with the secret of the environment. */
async function idOf(token: string, by = HS, secret = SECRET): Promise<string | undefined> {
  const identify = testIdentifier({
    contract: contractWith(by),
    readSecret: () => createSecretKey(Buffer.from(secret)),
    now: () => NOW_SECONDS * 1000,
  });
  const found = await identify(incoming('GET /', { headers: [['authorization', `Bearer ${token}`]] }));
  return 'principal' in found && isKnown(found.principal) ? found.principal.id : undefined;
}

const sign = (
  key: string,
  { claims = {}, header = {} }: { claims?: Record<string, unknown>; header?: Record<string, unknown> } = {},
) =>
  new SignJWT({ sub: '7', exp: NOW_SECONDS + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(Buffer.from(key));

describe('a token that is signed with a secret', () => {
  test('is accepted, without issuer and audience where the contract says that they are unchecked', async () => {
    expect(await idOf(await sign(SECRET))).toBe('7');
  });

  test('is refused if it is signed with another secret', async () => {
    expect(await idOf(await sign('another secret'))).toBeUndefined();
  });

  test.each([{ exp: NOW_SECONDS - 1 }, { exp: undefined }, { nbf: NOW_SECONDS + 1 }])(
    'is refused with %j',
    async (claims) => expect(await idOf(await sign(SECRET, { claims }))).toBeUndefined(),
  );

  test.each([{ alg: 'HS512' }, { typ: 'logout+jwt' }, { crit: ['x'], x: 1 }])(
    'is refused with the header %j',
    async (header) => {
      const token = header.crit ? (await sign(SECRET)).replace(/^[^.]+/, b64({ alg: 'HS256', ...header })) : undefined;
      expect(await idOf(token ?? (await sign(SECRET, { header })))).toBeUndefined();
    },
  );

  test.each([
    ['issuer: cadence, unchecked: [audience]', { iss: 'cadence' }, '7'],
    ['issuer: cadence, unchecked: [audience]', { iss: 'another' }, undefined],
    ['issuer: cadence, unchecked: [audience]', {}, undefined],
    ['audience: api, unchecked: [issuer]', { aud: 'api' }, '7'],
    ['audience: api, unchecked: [issuer]', { aud: 'another' }, undefined],
    ['audience: api, unchecked: [issuer]', {}, undefined],
  ])('with %s and the claims %j is %s', async (given, claims, id) => {
    const by = `jwt: { ${given}, secret: { env: SIGNING }, algorithms: [HS256] }`;
    expect(await idOf(await sign(SECRET, { claims }), by)).toBe(id);
  });
});

describe('the kind of key decides the algorithm', () => {
  test('a public key is never a secret', async () => {
    const claims = { iss: 'cadence', aud: 'api' };
    for (const key of [spki, spki.trim(), JSON.stringify(jwk)])
      expect(await idOf(await sign(key, { claims, header: { kid: 'k' } }), BOTH, spki)).toBeUndefined();
  });

  test('a secret verifies no token without a signature, or with an asymmetric one', async () => {
    const unsigned = `${b64({ alg: 'none' })}.${b64({ sub: '7', exp: NOW_SECONDS + 60 })}.`;
    expect(await idOf(unsigned)).toBeUndefined();
    const asymmetric = await new SignJWT({ sub: '7', exp: NOW_SECONDS + 60 })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(es.privateKey);
    expect(await idOf(asymmetric)).toBeUndefined();
  });

  test.each([
    ['secret: { env: S }, algorithms: [ES256]', 'ES256 is verified by a public key'],
    ['jwks: jwks.json, algorithms: [ES256, HS256]', 'HS256 is verified by a secret'],
    ['jwks: jwks.json, secret: { env: S }, algorithms: [HS256]', 'exactly one of `jwks` and `secret`'],
    ['algorithms: [ES256]', 'exactly one of `jwks` and `secret`'],
  ])('a contract with %s is refused', (keys, message) => {
    expect(() => contractWith(`jwt: { issuer: i, audience: a, ${keys} }`)).toThrow(message);
  });
});

test.each([
  ['audience: a', '"issuer" is missing'],
  ['issuer: i', '"audience" is missing'],
  ['issuer: i, audience: a, unchecked: [issuer]', 'both given and unchecked'],
])('a contract with %s is refused: nothing is unchecked unless it says so', (given, message) => {
  expect(() => contractWith(`jwt: { ${given}, jwks: jwks.json, algorithms: [ES256] }`)).toThrow(message);
});

describe('a secret', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leakproof-secret-'));
  const file = join(directory, 'secret');

  test('is read from a file, without the line break at its end', () => {
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(file, 'in a file\n');
    expect(readSecret({ file }).export().toString()).toBe('in a file');
    writeFileSync(file, '\n');
    expect(() => readSecret({ file })).toThrow(/holds no secret/);
  });

  test('is read from the environment', () => {
    process.env['LEAKPROOF_TEST_SECRET'] = 'in the environment';
    onTestFinished(() => void delete process.env['LEAKPROOF_TEST_SECRET']);
    expect(readSecret({ env: 'LEAKPROOF_TEST_SECRET' }).export().toString()).toBe('in the environment');
  });

  test.each([{ env: 'LEAKPROOF_TEST_ABSENT' }, { file: '/nowhere/secret' }])(
    'that is not there stops the start with a code (%j)',
    (location) => {
      const error = caught(() => readSecret(location));
      expect(isLeakproofError(error) && error.code).toBe('LP-SECRET-UNAVAILABLE');
    },
  );
});

function b64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
