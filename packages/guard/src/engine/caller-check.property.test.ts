import { ANONYMOUS, type ErrorCode, type Principal } from '@leakproof/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { as, stage } from '../testing/play.ts';
import { incoming } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';
import { CallerCheck } from './caller-check.ts';
import type { Event } from './command.ts';

const REIDENTIFY_MS = 1_000;
const CALLER = as('7');

/** What the identity of the request is at a time, and how much later the next part of the stream arrives. */
const parts = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.integer({ min: -2_000, max: 2_000 }), fc.constantFrom(0, 1, 999, 1_000, 1_001)),
    found: fc.oneof(
      { weight: 5, arbitrary: fc.constant<Principal | ErrorCode>(CALLER) },
      fc.constantFrom<Principal | ErrorCode>(
        as('8'),
        ANONYMOUS,
        { ...CALLER, space: 'eu' } as Principal,
        'LP-CREDENTIAL-INVALID',
        'LP-KEYS-UNAVAILABLE',
      ),
    ),
  }),
  { minLength: 1, maxLength: 20 },
);

function eventOf(found: Principal | ErrorCode): Event {
  if (typeof found !== 'string') return { of: 'identify', principal: found };
  return found === 'LP-KEYS-UNAVAILABLE' ? { of: 'identify', unavailable: found } : { of: 'identify', invalid: found };
}

test('no part of a stream passes unless its caller was identified as the same within reidentifyMs', () => {
  let stopped = 0;
  let passed = 0;
  fc.assert(
    fc.property(parts, (stream) => {
      const { guard, clock } = stage({ contract: SMALL_CONTRACT, limits: { reidentifyMs: REIDENTIFY_MS } });
      const request = incoming('GET /users/1');
      const route = { type: 'refusal', status: 404, code: 'LP-OPERATION-UNDECLARED', reason: '' } as const;
      const check = new CallerCheck({
        engine: guard.engine,
        request,
        route,
        serverMatch: undefined,
        principal: CALLER,
      });
      let identifiedMs = clock.nowMs;
      for (const { waitMs, found } of stream) {
        clock.nowMs += waitMs;
        const flow = check.failure();
        let step = flow.next();
        if (!step.done) {
          expect(step.value).toEqual({ do: 'identify', request });
          step = flow.next(eventOf(found));
          expect(step.done).toBe(true);
          if (found === CALLER) identifiedMs = clock.nowMs;
        }
        if (step.value !== undefined) {
          expect(found).not.toBe(CALLER);
          stopped++;
          return;
        }
        passed++;
        expect(Math.abs(clock.nowMs - identifiedMs)).toBeLessThan(REIDENTIFY_MS);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(stopped, passed)).toBeGreaterThan(200);
});
