import { createSecretKey } from 'node:crypto';
import { isKnown } from '@leakproof/core';
import { describe, expect, test } from 'vitest';
import { incoming } from '../../testing/run-request.ts';
import { compileContract, SMALL_CONTRACT } from '../../testing/small-contract.ts';
import { testIdentifier } from '../../testing/test-identifier.ts';
import { digestKey } from './digest-key.ts';

const SECRETS = { A: createSecretKey(Buffer.from('one secret')), B: createSecretKey(Buffer.from('another secret')) };
const entry = (key: string, claims: string, secret: keyof typeof SECRETS = 'A'): string =>
  `{ digest: ${digestKey(key, SECRETS[secret]).toString('hex')}, ${claims} }`;

const KEYS = `[${entry('key-of-7', "id: '7', org: acme")}, ${entry('key-of-8', "id: '8'")}]`;
const HEADER = `service: { api-key: { in: header, name: X-Api-Key, secret: { env: A }, keys: ${KEYS} }, ids: person }`;
const QUERY = `service: { api-key: { in: query, name: api_key, secret: { env: A }, keys: ${KEYS} }, ids: person }`;
const contractWith = (...kinds: readonly string[]) =>
  compileContract(
    SMALL_CONTRACT.replace('principals:\n', `principals:\n${kinds.map((kind) => `  ${kind}\n`).join('')}`),
  );

type Header = readonly [string, string];

/** The id of the caller, or why there is none. */
async function caller(contract: ReturnType<typeof contractWith>, headers: readonly Header[], target = '/rides') {
  const identify = testIdentifier({
    contract,
    readSecret: (location) => ('env' in location && location.env === 'B' ? SECRETS.B : SECRETS.A),
    now: () => 0,
  });
  const found = await identify(incoming(`GET ${target}`, { headers }));
  if (!('principal' in found)) return 'invalid' in found ? found.invalid : found.unavailable;
  return isKnown(found.principal) ? `${found.principal.kind} ${found.principal.id}` : 'anonymous';
}

describe('an API key', () => {
  test('names the principal whose digest it has, in a header or a query parameter', async () => {
    expect(await caller(contractWith(HEADER), [['x-api-key', 'key-of-7']])).toBe('service 7');
    expect(await caller(contractWith(QUERY), [], '/rides?api_key=key-of-8')).toBe('service 8');
  });

  test.each(['key-of-9', 'key-of-', '', 'KEY-OF-7', entry('key-of-7', 'id: 7').slice(10, 74)])(
    'that is unknown is invalid and not anonymous: "%s"',
    async (key) => {
      expect(await caller(contractWith(HEADER), [['x-api-key', key]])).toBe('LP-CREDENTIAL-INVALID');
    },
  );

  test('beside another credential is invalid', async () => {
    const both: Header[] = [
      ['x-api-key', 'key-of-7'],
      ['authorization', 'Bearer x'],
    ];
    expect(await caller(contractWith(HEADER), both)).toBe('LP-CREDENTIAL-INVALID');
    expect(await caller(contractWith(QUERY), [], '/rides?api_key=key-of-7&api_key=key-of-8')).toBe(
      'LP-CREDENTIAL-INVALID',
    );
  });

  test('is not read where it is not declared', async () => {
    expect(await caller(contractWith(HEADER), [], '/rides?x-api-key=key-of-7')).toBe('anonymous');
    expect(await caller(contractWith(QUERY), [['api_key', 'key-of-7']])).toBe('anonymous');
  });

  test('is of the kind with whose secret its digest was made', async () => {
    const admin = `admin: { api-key: { in: header, name: x-api-key, secret: { env: B }, keys: [${entry('key-of-1', "id: '1'", 'B')}] }, ids: person }`;
    const contract = contractWith(HEADER, admin);
    expect(await caller(contract, [['x-api-key', 'key-of-1']])).toBe('admin 1');
    expect(await caller(contract, [['x-api-key', 'key-of-7']])).toBe('service 7');
  });
});

test('a key that is removed while the guard runs is refused, and an added one is accepted', async () => {
  const contract = contractWith(HEADER);
  const keyOf9 = { digest: digestKey('key-of-9', SECRETS.A).toString('hex'), claims: { id: '9' } };
  let removed = false;
  const after = [keyOf9];
  const identify = testIdentifier({
    contract,
    readSecret: () => SECRETS.A,
    keysOf: ({ keys }) => (removed ? after : keys),
  });
  const callerWith = async (key: string): Promise<unknown> => {
    const found = await identify(incoming('GET /rides', { headers: [['x-api-key', key]] }));
    return 'principal' in found && isKnown(found.principal) ? found.principal.id : found;
  };
  expect([await callerWith('key-of-7'), await callerWith('key-of-9')]).toEqual(['7', REFUSED]);
  removed = true;
  expect([await callerWith('key-of-7'), await callerWith('key-of-9')]).toEqual([REFUSED, '9']);
});

const REFUSED = { invalid: 'LP-CREDENTIAL-INVALID' };

test('a key in a query parameter is declared for every REST operation', () => {
  const rest = contractWith(QUERY).operations.filter(({ protocol }) => protocol === 'rest');
  expect(rest.length).toBeGreaterThan(3);
  for (const { parameters } of rest) expect(parameters.filter(({ name }) => name === 'api_key')).toHaveLength(1);
});

test.each([
  ['keys: [{ digest: key-of-7, id: 7 }]', 'A digest is HMAC-SHA256'],
  [`keys: [${entry('a', 'id: 1')}, ${entry('a', 'id: 2')}]`, 'A digest occurs twice'],
  ['keys: absent.yaml', 'The file holds no list'],
])('a contract with %s is refused', (keys, message) => {
  const kind = `service: { api-key: { in: header, name: x-api-key, secret: { env: A }, ${keys} }, ids: person }`;
  expect(() => contractWith(kind)).toThrow(message);
});

test.each(['Authorization', 'Cookie', 'Host', 'X_Key'])('the header %s cannot be one of API keys', (name) => {
  expect(() => contractWith(HEADER.replace('X-Api-Key', name))).toThrow('can hold only this');
});

test('a header that two ways of recognising callers read is refused', () => {
  expect(() => contractWith(HEADER.replace('X-Api-Key', 'x-jwt-payload'))).toThrow('is read for "service" already');
});
