import { describe, expect, test } from 'vitest';
import { OriginAnswer } from './origin-answer.ts';

const CHUNK = Buffer.alloc(64 * 1024);

/** An answer whose origin is played by hand. */
function opened(): { answer: OriginAnswer; send: (chunk: Buffer) => void; end: () => void; log: string[] } {
  const log: string[] = [];
  const controller = {
    paused: false,
    aborted: false,
    reason: null,
    rawHeaders: ['Content-Type', 'application/json'],
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
      handler.onResponseError?.(controller, error);
    },
  };
  const answer = new OriginAnswer();
  const handler = answer.handler();
  handler.onRequestStart?.(controller, {});
  handler.onResponseStart(controller, 200, {});
  return {
    answer,
    send: (chunk) => handler.onResponseData(controller, chunk),
    end: () => handler.onResponseEnd(controller, {}),
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
