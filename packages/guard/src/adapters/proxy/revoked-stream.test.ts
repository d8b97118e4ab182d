import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startTestGuard, token } from '../../testing/test-guard.ts';
import { startOrigin } from '../../testing/test-origin.ts';
import { USERINFO_CONTRACT } from '../../testing/userinfo-contract.ts';

const REIDENTIFY_MS = 40;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Setting {
  /** Of the request, with the line of the credential. */
  readonly head: string;
  readonly contract?: string;
  /** The origin's answer to `/me`: whose session it is. */
  readonly me?: () => string | undefined;
}

/** A stream through the guard, of which the client has got the first record. */
async function openStream({ head, contract, me }: Setting) {
  const streams: ServerResponse[] = [];
  const origin = await startOrigin((message, response) => {
    if (message.url === '/me') {
      const user = me?.();
      response.writeHead(user === undefined ? 401 : 200, { 'content-type': 'application/json' });
      response.end(`{"data":{"username":"${user}"}}`);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    streams.push(response);
    response.write(record(1));
  });
  const guard = await startTestGuard({
    origin,
    internal: await startOrigin((_, response) => void response.end('{"answers":{}}')),
    ...(contract === undefined ? {} : { contract }),
    limits: { reidentifyMs: REIDENTIFY_MS },
  });
  const socket = connect(guard.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  const closed = once(socket, 'close');
  socket.write(`GET ${head}\r\nHost: api.test\r\n\r\n`);
  await arrives(() => received.includes('n1'));
  return {
    /** Sends one more record, and returns if the client gets it before the stream ends. */
    send: async (number: number): Promise<boolean> => {
      streams[0]?.write(record(number));
      await Promise.race([arrives(() => received.includes(`n${number}`)), closed]);
      return received.includes(`n${number}`);
    },
    end: async () => {
      streams[0]?.end();
      socket.end();
      await closed;
      return (await guard.records()).at(-1);
    },
  };
}

const record = (number: number): string =>
  `{"id":"7","username":"n${number}","is_private":false,"city":"n${number}"}\n`;

async function arrives(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(2);
}

describe('a stream', () => {
  test('goes on while its caller is the one it was opened for', async () => {
    const stream = await openStream({ head: `/users/1 HTTP/1.1\r\nAuthorization: Bearer ${await token('9')}` });
    for (const number of [2, 3, 4]) {
      await pause(REIDENTIFY_MS + 10);
      expect(await stream.send(number)).toBe(true);
    }
    expect(await stream.end()).toMatchObject({ type: 'end', ended: 'complete' });
  });

  test('of an anonymous caller goes on', async () => {
    const stream = await openStream({ head: '/users/1 HTTP/1.1' });
    await pause(REIDENTIFY_MS + 10);
    expect(await stream.send(2)).toBe(true);
    await stream.end();
  });

  test('ends when its token has expired, and nothing that the origin sends later reaches the client', async () => {
    const expiring = await token('9', { exp: Math.floor(Date.now() / 1000) + 2 });
    const stream = await openStream({ head: `/users/1 HTTP/1.1\r\nAuthorization: Bearer ${expiring}` });
    await pause(2_100);
    expect(await stream.send(2)).toBe(false);
    expect(await stream.end()).toMatchObject({ type: 'end', ended: 'cut-off' });
  });

  test.each([
    ['has ended', undefined],
    ['is of another person', '9'],
  ])('ends when the origin says that its session %s', async (_, user) => {
    let now: string | undefined = '7';
    const contract = USERINFO_CONTRACT.replace("'header:x-api-key'] }", "'header:x-api-key'], cache: 1s }");
    const stream = await openStream({ head: '/users/7 HTTP/1.1\r\nCookie: sid=s7', contract, me: () => now });
    now = user;
    // The origin's answer is kept for a second.
    await pause(1_100);
    const got = await stream.send(2);
    expect(got).toBe(false);
    expect(await stream.end()).toMatchObject({ type: 'end', ended: 'cut-off' });
  });
});
