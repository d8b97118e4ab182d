import { createSecretKey } from 'node:crypto';
import { isKnown } from '@leakproof/core';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { stage } from '../../testing/play.ts';
import { incoming, runRequest } from '../../testing/run-request.ts';
import { compileContract, SMALL_CONTRACT } from '../../testing/small-contract.ts';
import { testIdentifier } from '../../testing/test-identifier.ts';

const NOW_SECONDS = 1_000_000;
const SECRET = 'a secret of the gateway';
const CLAIMS = 'verified: { header: X-Claims, from: [10.0.0.0/8, fd00::/8] }, id: claims.sub';
const TEXT = 'verified: { header: Remote-User, from: [10.0.0.0/8], value: text }';
const SIGNED = `verified: { header: x-assertion, from: [10.0.0.0/8], signed: { issuer: gateway, audience: api, secret: { env: G }, algorithms: [HS256] } }, id: claims.sub`;

const textOf = (by: string): string =>
  SMALL_CONTRACT.replace(/principals:\n.*\n.*\n/, `principals:\n  member: { ${by}, ids: person }\n`);

type Header = readonly [string, string];

/** The id of the caller, or why there is none. */
async function caller(by: string, headers: readonly Header[], peer = '10.0.0.1'): Promise<string> {
  const identify = testIdentifier({
    contract: compileContract(textOf(by)),
    readSecret: () => createSecretKey(Buffer.from(SECRET)),
    now: () => NOW_SECONDS * 1000,
  });
  const found = await identify(incoming('GET /rides', { headers, peer }));
  if (!('principal' in found)) return 'invalid' in found ? found.invalid : found.unavailable;
  return isKnown(found.principal) ? found.principal.id : 'anonymous';
}

const claims = (value: unknown): Header => ['x-claims', Buffer.from(JSON.stringify(value)).toString('base64url')];
const assertion = (secret: string, more: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT({ iss: 'gateway', aud: 'api', sub: '7', exp: NOW_SECONDS + 60, ...more })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from(secret));

describe('an identity that a gateway has verified', () => {
  test('is believed from its addresses only, and is invalid from others', async () => {
    for (const peer of ['10.0.0.1', '10.255.1.2', '::ffff:10.0.0.1', 'fd00::1'])
      expect(await caller(CLAIMS, [claims({ sub: '7' })], peer)).toBe('7');
    for (const peer of ['11.0.0.1', '127.0.0.1', 'fe00::1', '::ffff:11.0.0.1', ''])
      expect(await caller(CLAIMS, [claims({ sub: '7' })], peer)).toBe('LP-CREDENTIAL-INVALID');
  });

  test('is not believed because an address is said in a header', async () => {
    const headers: Header[] = [claims({ sub: '7' }), ['x-forwarded-for', '10.0.0.1'], ['forwarded', 'for=10.0.0.1']];
    expect(await caller(CLAIMS, headers, '11.0.0.1')).toBe('LP-CREDENTIAL-INVALID');
  });

  test('may be the id itself, as text', async () => {
    expect(await caller(TEXT, [['remote-user', 'pia@example.test']])).toBe('pia@example.test');
    for (const value of ['', 'pia, bob', 'pia bob', '"pia"', 'x'.repeat(257)])
      expect(await caller(TEXT, [['remote-user', value]])).toBe('LP-CREDENTIAL-INVALID');
  });

  test('that the contract says is signed has to be, also from the address of the gateway', async () => {
    expect(await caller(SIGNED, [['x-assertion', await assertion(SECRET)]])).toBe('7');
    expect(await caller(SIGNED, [['x-assertion', await assertion(SECRET)]], '11.0.0.1')).toBe('LP-CREDENTIAL-INVALID');
    for (const value of [
      await assertion('another secret'),
      await assertion(SECRET, { aud: 'another' }),
      await assertion(SECRET, { exp: NOW_SECONDS - 1 }),
      claims({ sub: '7' })[1],
    ])
      expect(await caller(SIGNED, [['x-assertion', value]])).toBe('LP-CREDENTIAL-INVALID');
  });
});

describe('Authorization beside it', () => {
  const both: Header[] = [claims({ sub: '7' }), ['authorization', 'Bearer of-the-origin']];

  test('is the origin’s own affair, if no kind of principal reads it', async () => {
    expect(await caller(CLAIMS, both)).toBe('7');
    expect(await caller(CLAIMS, both.slice(1))).toBe('anonymous');
  });

  test('is a second credential, if a kind of principal reads it', async () => {
    const jwt = 'jwt: { issuer: cadence, audience: api, jwks: jwks.json, algorithms: [ES256] }, id: claims.sub';
    expect(await caller(`${CLAIMS}, ids: person }\n  other: { ${jwt}`, both)).toBe('LP-CREDENTIAL-INVALID');
  });

  const sentTo = (contract: string): readonly string[] => {
    const { guard } = stage({ contract });
    const { sent } = runRequest(guard, incoming('GET /rides', { headers: [['authorization', 'Bearer x']] }));
    return sent.flatMap(({ headers }) => headers.map(([name]) => name));
  };

  test('reaches the origin, unless the origin could name another caller by it in what is believed', () => {
    expect(sentTo(textOf(CLAIMS))).toContain('authorization');
    const believed = textOf(CLAIMS)
      .replace('ids: us }', 'ids: us, caller: verified }')
      .replace('relations:\n', "relations:\n  friend: { of: person, object: 'object.is_friend == true' }\n");
    expect(sentTo(believed)).not.toContain('authorization');
  });
});

test.each([
  ['10.0.0.0/8', 'gateway.internal', 'is no block of addresses'],
  ['10.0.0.0/8', '10.0.0.0/33', 'is no block of addresses'],
  ['10.0.0.0/8', '10.0.0/8', 'is no block of addresses'],
  ['10.0.0.0/8', '1::2::3/64', 'is no block of addresses'],
  ['10.0.0.0/8', '0.0.0.0/0', 'is every address'],
  ['fd00::/8', '::/0', 'is every address'],
  ['X-Claims', 'Authorization', 'can hold only this'],
  ['id: claims.sub', 'id: claims', 'is not in the claims'],
  [', id: claims.sub', '', '"id" is missing'],
])('a contract with %s changed to %s is refused', (from, to, message) => {
  expect(() => compileContract(textOf(CLAIMS.replace(from, to)))).toThrow(message);
});
