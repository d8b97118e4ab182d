import { describe, expect, test } from 'vitest';
import { ask } from '../../testing/raw-client.ts';
import { startTestGuard } from '../../testing/test-guard.ts';
import { startOrigin } from '../../testing/test-origin.ts';
import { USERINFO_CONTRACT } from '../../testing/userinfo-contract.ts';

const PROFILE = '{"id":"7","username":"pia","email":"pia@example.test","password":"x"}';

/** An origin with sessions in cookies, whose operations check nothing. */
async function behindGuard(me: 'sound' | 'slow' = 'sound') {
  const origin = await startOrigin((message, response) => {
    const cookie = message.headers.cookie ?? '';
    const user = /sid=s(\d+)/.exec(cookie)?.[1];
    response.setHeader('content-type', 'application/json');
    if (message.url !== '/me') {
      response.setHeader('set-cookie', 'seen=1');
      response.end(PROFILE);
    } else if (me === 'slow') {
      setTimeout(() => response.end(`{"data":{"username":"${user}"}}`), 500);
    } else if (user === undefined) {
      response.writeHead(401);
      response.end('{}');
    } else {
      response.setHeader('set-cookie', `sid=s${user}; Path=/; HttpOnly`);
      response.end(`{"data":{"username":"${user}"}}`);
    }
  });
  const guard = await startTestGuard({ origin, contract: USERINFO_CONTRACT, limits: { userinfoTimeoutMs: 100 } });
  const get = (line: string, cookie: string) => ask(guard.port, line, { headers: [`Cookie: ${cookie}`] });
  return { origin, guard, get };
}

describe('a session that the origin names', () => {
  test('gets its own data, another one gets what it may see, and both are recorded', async () => {
    const { get, guard } = await behindGuard();
    expect((await get('GET /users/7', 'sid=s7')).body).toBe('{"id":"7","username":"pia","email":"pia@example.test"}');
    expect((await get('GET /users/7', 'sid=s9')).body).toBe('{"id":"7","username":"pia"}');
    expect((await get('GET /users/7', 'sid=gone')).body).toBe('{"id":"7","username":"pia"}');
    const principals = (await guard.records()).flatMap((record) =>
      record.type === 'access' ? [record.principal] : [],
    );
    expect(principals).toMatchObject([{ token: 'person:7' }, { token: 'person:9' }, { kind: 'anonymous' }]);
  });

  test('reaches the origin with the cookies of the contract, and gets the cookies of both answers', async () => {
    const { get, origin } = await behindGuard();
    const { raw } = await get('GET /users/7', 'theme=dark; sid=s7; session=s9');
    const cookies = origin.received.map(
      ({ headers }) => headers[headers.findIndex((name) => /^cookie$/i.test(name)) + 1],
    );
    expect(origin.received.map(({ line }) => line)).toEqual(['GET /me', 'GET /users/7']);
    expect(cookies).toEqual(['sid=s7', 'sid=s7']);
    expect(raw.match(/set-cookie: [^;\r]*/gi)).toEqual(['set-cookie: sid=s7', 'set-cookie: seen=1']);
    expect((await get('GET /users/7', 'sid=s7')).raw.match(/set-cookie: [^;\r]*/gi)).toEqual(['set-cookie: seen=1']);
  });

  test('is refused with 503 while the origin does not answer in time, and the operation is not forwarded', async () => {
    const { get, origin } = await behindGuard('slow');
    expect((await get('GET /users/7', 'sid=s7')).status).toBe(503);
    expect(origin.received.map(({ line }) => line)).toEqual(['GET /me']);
  });
});

test('in monitor the cookies are forwarded unchanged, and the origin is asked after the response', async () => {
  const origin = await startOrigin((message, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(message.url === '/me' ? '{"data":{"username":"9"}}' : PROFILE);
  });
  const guard = await startTestGuard({ origin, contract: USERINFO_CONTRACT, mode: 'monitor' });
  const { body } = await ask(guard.port, 'GET /users/7', { headers: ['Cookie: theme=dark; sid=s9'] });
  expect(body).toBe(PROFILE);
  await guard.records();
  expect(origin.received.map(({ line }) => line).slice(0, 2)).toEqual(['GET /users/7', 'GET /me']);
  expect(origin.received[0]?.headers).toContain('theme=dark; sid=s9');
});
