import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { ask } from '../../testing/raw-client.ts';
import { PUBLIC_PEM, startTestGuard, type TestGuard, token } from '../../testing/test-guard.ts';
import { type TestOrigin, startOrigin } from '../../testing/test-origin.ts';
import { SMALL_CONTRACT } from '../../testing/small-contract.ts';

const ME = '{"id":"7","email":"a@x.example"}';

async function behindGuard(): Promise<{ guard: TestGuard; origin: TestOrigin }> {
  const origin = await startOrigin((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(ME);
  });
  return { origin, guard: await startTestGuard({ origin }) };
}

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = Math.floor(Date.now() / 1000);

async function foreignToken(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT({ iss: 'cadence', aud: 'api', sub: '7', exp: seconds + 60 })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .sign(privateKey);
}

async function hmacToken(): Promise<string> {
  return new SignJWT({ iss: 'cadence', aud: 'api', sub: '7', exp: seconds + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .sign(Buffer.from(PUBLIC_PEM));
}

async function tampered(): Promise<string> {
  const [head, , signature] = (await token('9')).split('.');
  return [head, b64({ iss: 'cadence', aud: 'api', sub: '7', exp: seconds + 60 }), signature].join('.');
}

describe('a credential', () => {
  const bad: readonly (readonly [string, () => Promise<string>])[] = [
    ['without a signature', async () => `${b64({ alg: 'none' })}.${b64({ iss: 'cadence', aud: 'api', sub: '7' })}.`],
    ['signed with the public key as a shared secret', hmacToken],
    ['signed with the key of another issuer', foreignToken],
    ['whose claims were changed', tampered],
    ['that has expired', () => token('7', { exp: seconds - 1 })],
    ['without an expiry', () => token('7', { exp: undefined })],
    ['that is not valid yet', () => token('7', { nbf: seconds + 60 })],
    ['for another audience', () => token('7', { aud: 'other' })],
    ['of another issuer', () => token('7', { iss: 'other' })],
    ['for another purpose', () => token('7', {}, { typ: 'logout+jwt' })],
    [
      'with an unknown critical extension',
      () =>
        token('7', {}, { crit: ['x'], x: 1 }).catch(async () => `${b64({ alg: 'ES256', crit: ['x'], x: 1 })}.e30.e30`),
    ],
    ['without an id', () => token('', { sub: undefined })],
    ['that is no token', async () => 'abc'],
  ];

  test.each(bad)(
    '%s is answered 401 instead of being treated as anonymous, and does not reach the origin',
    async (_, make) => {
      const { guard, origin } = await behindGuard();
      const answer = await ask(guard.port, 'GET /users/7', { token: await make() });
      expect(answer.status).toBe(401);
      expect(origin.received).toEqual([]);
    },
  );

  test.each([
    ['Basic', ['Authorization: Basic YTpi']],
    ['two Authorization headers', ['Authorization: Bearer a', 'Authorization: Bearer b']],
    ['malformed claims of a gateway', ['X-Jwt-Payload: abc!']],
  ])('%s is refused', async (_, headers) => {
    const { guard, origin } = await behindGuard();
    expect([400, 401]).toContain((await ask(guard.port, 'GET /users/7', { headers })).status);
    expect(origin.received).toEqual([]);
  });

  test('of two kinds in one request is refused', async () => {
    const { guard } = await behindGuard();
    const headers = [`X-Jwt-Payload: ${b64({ sub: '7' })}`];
    expect((await ask(guard.port, 'GET /users/7', { token: await token('7'), headers })).status).toBe(401);
  });

  test('that a trusted gateway has verified is accepted; the same header with an underscore never reaches the origin', async () => {
    const { guard, origin } = await behindGuard();
    const headers = [`X-Jwt-Payload: ${b64({ sub: '7' })}`, `X_Jwt_Payload: ${b64({ sub: '1' })}`];
    expect((await ask(guard.port, 'GET /users/7', { headers })).body).toBe(ME);
    expect(origin.received[0]?.headers.map((each) => each.toLowerCase())).not.toContain('x_jwt_payload');
  });

  test('of a gateway is refused from any other address', async () => {
    const { origin } = await behindGuard();
    const contract = SMALL_CONTRACT.replace('127.0.0.1/32', '10.0.0.0/8');
    const guard = await startTestGuard({ origin, contract });
    const headers = [`X-Jwt-Payload: ${b64({ sub: '7' })}`];
    expect((await ask(guard.port, 'GET /users/7', { headers })).status).toBe(401);
  });

  test('cached for one principal is never used for another, with many requests at the same time', async () => {
    const { guard } = await behindGuard();
    const tokens = await Promise.all(['7', '9', '7', '8'].map((sub) => token(sub)));
    const asked = Array.from({ length: 40 }, (_, index) => index % tokens.length);
    const answers = await Promise.all(
      asked.map(async (index) => (await ask(guard.port, 'GET /users/7', { token: tokens[index] ?? '' })).body),
    );
    expect(answers).toEqual(asked.map((index) => (index % 2 === 0 ? ME : '{"id":"7"}')));
  });
});
