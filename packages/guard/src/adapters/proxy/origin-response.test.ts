import { errors, type Pool } from 'undici';
import { describe, expect, test } from 'vitest';
import type { OutboundRequest } from '@leakproof/http';
import { OriginResponse } from './origin-response.ts';

const CHUNK = Buffer.alloc(64 * 1024);

/** A response with its head received; the test sends the rest. */
function opened(): { response: OriginResponse; send: (chunk: Buffer) => void; end: () => void; log: string[] } {
  const log: string[] = [];
  const controller = {
    paused: false,
    pause: () => {
      log.push('pause');
      controller.paused = true;
    },
    resume: () => {
      log.push('resume');
      controller.paused = false;
    },
    abort: (error: Error) => {
      log.push('abort');
      response.onResponseError(controller, error);
    },
  };
  const response = new OriginResponse();
  response.onRequestStart(controller);
  response.onResponseStart(controller, 200, { 'content-type': 'application/json' });
  return {
    response,
    send: (chunk) => response.onResponseData(controller, chunk),
    end: () => response.onResponseEnd(),
    log,
  };
}

describe('a response of an origin', () => {
  test('pauses its origin while it is not read, and resumes it when it is', async () => {
    const { response, send, log } = opened();
    send(CHUNK);
    expect(log).toEqual([]);
    send(CHUNK);
    expect(log).toEqual(['pause']);
    expect(await response.next()).toMatchObject({ chunks: [CHUNK, CHUNK], isLast: false });
    expect(log).toEqual(['pause', 'resume']);
  });

  test('whose only part arrives with its end is read in one step', async () => {
    const { response, send, end } = opened();
    const next = response.next();
    send(CHUNK);
    end();
    expect(await next).toEqual({ chunks: [CHUNK], isLast: true });
  });

  test('that has been received already is read synchronously', () => {
    const { response, send, end } = opened();
    send(CHUNK);
    end();
    expect(response.next()).toEqual({ chunks: [CHUNK], isLast: true });
  });

  test('has every repetition of a header', async () => {
    const response = new OriginResponse();
    const controller = { paused: false, pause: () => undefined, resume: () => undefined, abort: () => undefined };
    response.onResponseStart(controller, 200, { 'set-cookie': ['a=1', 'b=2'], etag: 'x' });
    const headers = [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['etag', 'x'],
    ];
    expect(await response.opened).toEqual({ status: 200, headers });
  });

  test('that is discarded is received up to a limit, and then aborted', () => {
    const { response, send, log } = opened();
    response.discard();
    send(CHUNK);
    expect(log).toEqual([]);
    send(CHUNK);
    expect(log).toEqual(['abort']);
  });

  test('that is aborted returns none of its unread bytes', async () => {
    const { response, send } = opened();
    send(CHUNK);
    response.abort('LP-ORIGIN-CUT-OFF');
    expect(await response.next()).toEqual({ failed: 'LP-ORIGIN-CUT-OFF' });
  });
});

/** A pool whose connections have all been closed by the origin, with a count of its requests. */
function closedPool(): { pool: Pool; dispatched: () => number } {
  let count = 0;
  const dispatch = (_options: unknown, response: OriginResponse): boolean => {
    count++;
    response.onResponseError(undefined, new errors.SocketError('other side closed'));
    return true;
  };
  return { pool: { dispatch } as unknown as Pool, dispatched: () => count };
}

const READ: OutboundRequest = {
  scheme: 'http',
  authority: 'api.test',
  method: 'GET',
  target: '/',
  headers: [],
  body: undefined,
};

test.each<[string, number, OutboundRequest]>([
  ['a read', 2, READ],
  ['a write', 1, { ...READ, method: 'POST' }],
  ['a read with a body', 1, { ...READ, body: Buffer.from('x') }],
])('%s on a connection that the origin has closed is sent %i time(s)', async (_, times, request) => {
  const { pool, dispatched } = closedPool();
  expect(await OriginResponse.send(pool, request).opened).toBe('LP-ORIGIN-UNREACHABLE');
  expect(dispatched()).toBe(times);
});

test('a request that was aborted is not sent again', async () => {
  const { pool, dispatched } = closedPool();
  const response = OriginResponse.send(pool, READ);
  response.abort('LP-ORIGIN-CUT-OFF');
  expect(await response.opened).toBe('LP-ORIGIN-CUT-OFF');
  expect(dispatched()).toBe(1);
});
