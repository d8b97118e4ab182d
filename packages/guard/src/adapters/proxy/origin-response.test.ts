import { errors, type Pool } from 'undici';
import { describe, expect, test } from 'vitest';
import type { OutboundRequest } from '@leakproof/http';
import { OriginResponse } from './origin-response.ts';

const CHUNK = Buffer.alloc(64 * 1024);

/** An answer whose origin is played by hand. */
function opened(): { answer: OriginResponse; send: (chunk: Buffer) => void; end: () => void; log: string[] } {
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
      answer.onResponseError(controller, error);
    },
  };
  const answer = new OriginResponse();
  answer.onRequestStart(controller);
  answer.onResponseStart(controller, 200, { 'content-type': 'application/json' });
  return {
    answer,
    send: (chunk) => answer.onResponseData(controller, chunk),
    end: () => answer.onResponseEnd(),
    log,
  };
}

describe('an answer of an origin', () => {
  test('has its origin wait while nobody pulls, and go on when somebody does', async () => {
    const { answer, send, log } = opened();
    send(CHUNK);
    expect(log).toEqual([]);
    send(CHUNK);
    expect(log).toEqual(['pause']);
    expect(await answer.next()).toMatchObject({ chunks: [CHUNK, CHUNK], isLast: false });
    expect(log).toEqual(['pause', 'resume']);
  });

  test('that comes at once is whole with its first part', async () => {
    const { answer, send, end } = opened();
    const next = answer.next();
    send(CHUNK);
    end();
    expect(await next).toEqual({ chunks: [CHUNK], isLast: true });
  });

  test('that has come before it is pulled is given at once', () => {
    const { answer, send, end } = opened();
    send(CHUNK);
    end();
    expect(answer.next()).toEqual({ chunks: [CHUNK], isLast: true });
  });

  test('has a header as often as its origin sent it', async () => {
    const answer = new OriginResponse();
    const controller = { paused: false, pause: () => undefined, resume: () => undefined, abort: () => undefined };
    answer.onResponseStart(controller, 200, { 'set-cookie': ['a=1', 'b=2'], etag: 'x' });
    const headers = [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['etag', 'x'],
    ];
    expect(await answer.opened).toEqual({ status: 200, headers });
  });

  test('of which nobody wants the rest is read on a little, and then given up', () => {
    const { answer, send, log } = opened();
    answer.discard();
    send(CHUNK);
    expect(log).toEqual([]);
    send(CHUNK);
    expect(log).toEqual(['abort']);
  });

  test('that breaks off gives nothing of what waited', async () => {
    const { answer, send } = opened();
    send(CHUNK);
    answer.abort('LP-ORIGIN-CUT-OFF');
    expect(await answer.next()).toEqual({ failed: 'LP-ORIGIN-CUT-OFF' });
  });
});

/** A pool all of whose connections turn out to be closed; and how often it was asked. */
function closedPool(): { pool: Pool; dispatched: () => number } {
  let count = 0;
  const dispatch = (_options: unknown, answer: OriginResponse): boolean => {
    count++;
    answer.onResponseError(undefined, new errors.SocketError('other side closed'));
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
])('%s whose connections turn out to be closed is tried %i time(s)', async (_, times, request) => {
  const { pool, dispatched } = closedPool();
  expect(await OriginResponse.send(pool, request).opened).toBe('LP-ORIGIN-UNREACHABLE');
  expect(dispatched()).toBe(times);
});

test('a request that was given up is not sent again', async () => {
  const { pool, dispatched } = closedPool();
  const answer = OriginResponse.send(pool, READ);
  answer.abort('LP-ORIGIN-CUT-OFF');
  expect(await answer.opened).toBe('LP-ORIGIN-CUT-OFF');
  expect(dispatched()).toBe(1);
});
