import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConnectionLimiter, type Lease, type Waiting } from './connection-limiter.ts';

/** Two known principals, and two addresses. */
const A = '["member","a"]';
const B = '["member","b"]';
const CALLERS = [A, B, '192.0.2.1', '192.0.2.2'];
const isAnonymous = ({ caller }: { readonly caller: string }): boolean => !caller.startsWith('[');

const LIMITS = {
  maxConnections: 4,
  maxLongConnections: 3,
  maxPerCaller: 2,
  maxLongPerCaller: 2,
  longAfterMs: 1_000,
  connectionWaitMs: 5_000,
};

function limiter(limits = LIMITS) {
  const clock = { nowMs: 0 };
  return { clock, connections: new ConnectionLimiter(limits, () => clock.nowMs) };
}

function granted(taken: Lease | Waiting | undefined): Lease {
  if (!taken || !('release' in taken)) throw new Error('There was no connection.');
  return taken;
}

describe('connections to an origin', () => {
  test('are never more than allowed, in all and for one caller, and none is lost', async () => {
    const step = fc.record({
      what: fc.constantFrom('take', 'take', 'release', 'lengthen', 'cancel', 'pass'),
      at: fc.nat(20),
      caller: fc.constantFrom(...CALLERS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, connections } = limiter();
        interface Held {
          readonly caller: string;
          readonly lease: Lease;
          readonly sinceMs: number;
          isLong: boolean;
        }
        const held: Held[] = [];
        const waits: {
          readonly caller: string;
          readonly sinceMs: number;
          readonly cancel: () => void;
          isOver: boolean;
        }[] = [];
        const drop = (one: Held): void => {
          const at = held.indexOf(one);
          if (at >= 0) held.splice(at, 1);
          one.lease.release();
        };
        const check = (): void => {
          const short = held.filter(({ isLong }) => !isLong);
          const long = held.filter(({ isLong }) => isLong);
          expect(short.length).toBeLessThanOrEqual(LIMITS.maxConnections);
          expect(long.length).toBeLessThanOrEqual(LIMITS.maxLongConnections);
          expect(short.filter(isAnonymous).length).toBeLessThanOrEqual(3);
          expect(long.filter(isAnonymous).length).toBeLessThanOrEqual(3);
          for (const each of CALLERS) {
            expect(short.filter(({ caller }) => caller === each).length).toBeLessThanOrEqual(LIMITS.maxPerCaller);
            expect(long.filter(({ caller }) => caller === each).length).toBeLessThanOrEqual(LIMITS.maxLongPerCaller);
            expect(waits.filter(({ caller, isOver }) => caller === each && !isOver).length).toBeLessThanOrEqual(
              LIMITS.maxPerCaller,
            );
          }
          for (const { sinceMs, isOver } of waits)
            if (!isOver) expect(clock.nowMs - sinceMs).toBeLessThan(LIMITS.connectionWaitMs);
        };
        for (const { what, at, caller } of steps) {
          const one = held[at % Math.max(1, held.length)];
          if (what === 'take') {
            let isExpelled = false;
            let own: Held | undefined;
            const taken = connections.take(caller, () => {
              isExpelled = true;
              if (own) drop(own);
            });
            const hold = (lease: Lease): void => {
              own = { caller, lease, sinceMs: clock.nowMs, isLong: false };
              if (isExpelled) lease.release();
              else held.push(own);
            };
            if (taken && 'release' in taken) hold(taken);
            else if (taken) {
              const wait = { caller, sinceMs: clock.nowMs, cancel: () => taken.cancel(), isOver: false };
              waits.push(wait);
              const end = (lease: Lease | undefined): void => {
                wait.isOver = true;
                if (lease) hold(lease);
              };
              void taken.lease.then(end);
            }
          } else if (what === 'release' && one) drop(one);
          else if (what === 'lengthen' && one && !one.isLong) {
            one.isLong = one.lease.becomeLong();
            if (!one.isLong) drop(one);
          } else if (what === 'cancel') waits[at % Math.max(1, waits.length)]?.cancel();
          else if (what === 'pass') {
            clock.nowMs += 700;
            const before = held.filter(({ isLong }) => !isLong);
            connections.tick();
            for (const each of before) {
              if (!held.includes(each) || clock.nowMs - each.sinceMs < LIMITS.longAfterMs) continue;
              each.isLong = true;
            }
          }
          await Promise.resolve();
          await Promise.resolve();
          check();
        }
        for (const wait of waits) wait.cancel();
        for (const each of held.slice()) drop(each);
        await Promise.resolve();
        await Promise.resolve();
        for (const each of held.slice()) drop(each);
        for (const caller of [A, A, B, B]) granted(connections.take(caller, () => undefined));
        connections.close();
      }),
      { numRuns: 2_000 },
    );
  });

  test('that do not end soon leave those that do as many as before', () => {
    const { clock, connections } = limiter();
    for (const caller of [A, B, B]) granted(connections.take(caller, () => undefined)).becomeLong();
    clock.nowMs = 100_000;
    connections.tick();
    for (const caller of [A, A, B, B]) granted(connections.take(caller, () => undefined));
  });

  test('of one caller leave room for the others, however many it asks for', () => {
    const { connections } = limiter();
    const own = Array.from({ length: 1_000 }, () => connections.take('greedy', () => undefined));
    expect(own.filter((each) => each && 'release' in each)).toHaveLength(2);
    expect(own.filter((each) => each && 'lease' in each)).toHaveLength(2);
    granted(connections.take('other', () => undefined));
  });

  test('leave room for known principals, however many addresses ask', () => {
    const { connections } = limiter();
    const all = Array.from({ length: 1_000 }, (_, at) => connections.take(`192.0.2.${at}`, () => undefined));
    expect(all.filter((each) => each && 'release' in each)).toHaveLength(3);
    granted(connections.take(A, () => undefined));
    connections.close();
  });

  test('that are all in use are waited for, for a limited time', async () => {
    const { clock, connections } = limiter({ ...LIMITS, longAfterMs: 60_000 });
    for (const caller of [A, A, B, B]) granted(connections.take(caller, () => undefined));
    const ends: string[] = [];
    for (const caller of ['c', 'd']) {
      const waiting = connections.take(caller, () => undefined);
      if (!waiting || !('lease' in waiting)) throw new Error('There is a connection.');
      void waiting.lease.then((lease) => ends.push(`${caller} ${lease ? 'has one' : 'has none'}`));
    }
    clock.nowMs = LIMITS.connectionWaitMs - 1;
    connections.tick();
    await Promise.resolve();
    expect(ends).toEqual([]);
    clock.nowMs = LIMITS.connectionWaitMs;
    connections.tick();
    await Promise.resolve();
    expect(ends).toEqual(['c has none', 'd has none']);
    connections.close();
  });

  test('go to who waits once one is free, known principals first, in the order in which they came', async () => {
    const { connections } = limiter();
    const [first, second] = [A, A, B, B].map((caller) => granted(connections.take(caller, () => undefined)));
    const ends: string[] = [];
    for (const caller of [B, '192.0.2.1', '192.0.2.2', '["member","c"]']) {
      const waiting = connections.take(caller, () => undefined);
      if (waiting && 'lease' in waiting) void waiting.lease.then((lease) => lease && ends.push(caller));
    }
    first?.release();
    first?.release();
    await Promise.resolve();
    expect(ends).toEqual(['["member","c"]']);
    second?.release();
    await Promise.resolve();
    expect(ends).toEqual(['["member","c"]', '192.0.2.1']);
    connections.close();
  });
});
