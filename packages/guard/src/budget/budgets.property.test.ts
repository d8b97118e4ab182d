import { ANONYMOUS, type OwnerRef, type Principal } from '@leakproof/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { compileContract, SMALL_CONTRACT } from '../testing/small-contract.ts';
import { as } from '../testing/play.ts';
import { Budgets } from './budgets.ts';

const MAX = 2;
const CONTRACT = compileContract(
  `${SMALL_CONTRACT}budgets: [ { per: principal, count: owners, within: 1h, max: ${MAX}, steps: ["429", freeze] } ]\n`,
);

function budgetsFor(maxPrincipals: number) {
  const limits = { ...DEFAULT_LIMITS, maxPrincipals };
  return new Budgets(CONTRACT, limits, (ref) => `${ref.kind}:${ref.id}`);
}
const owner = (id: string): OwnerRef => ({ kind: 'person', space: 'us', id });

/** Whether a caller may have one more owner's object now. */
function takes(budgets: Budgets, [principal, peer]: Caller, id: string, nowMs: number): boolean {
  return budgets.allowance(principal, peer, () => nowMs).admits([owner(id)], nowMs);
}
type Caller = readonly [principal: Principal, peer: string];

/** The address of a number, all of different networks for numbers that differ by 256 × 256. */
const addressOf = (at: number): string => `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;

describe('who holds a budget', () => {
  test('keeps it, whatever is asked by whomever: no caller gets more than its max in a window', () => {
    const callers: readonly Caller[] = [
      ...['1', '2', '3', '4', '5', '6'].map((id) => [as(id), '127.0.0.1'] as const),
      ...Array.from({ length: 12 }, (_, at) => [ANONYMOUS, addressOf(at * 77_777)] as const),
      ...Array.from({ length: 6 }, (_, at) => [ANONYMOUS, `2001:db8:${at}::${at}`] as const),
    ];
    const step = fc.record({
      by: fc.nat(callers.length - 1),
      id: fc.integer({ min: 100, max: 112 }).map(String),
      what: fc.constantFrom('take', 'take', 'ask', 'refuse'),
      afterMs: fc.constantFrom(0, 0, 0, 1_000, 1_300_000),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 80 }), (room, steps) => {
        const budgets = budgetsFor(room);
        const given = new Map<number, { id: string; atMs: number }[]>();
        let nowMs = 1_000_000;
        for (const { by, id, what, afterMs } of steps) {
          nowMs += afterMs;
          const caller = callers[by];
          if (!caller) continue;
          const allowance = budgets.allowance(caller[0], caller[1], () => nowMs);
          if (what === 'ask') continue;
          if (what === 'refuse') allowance.countRefusal();
          else if (allowance.level.step !== 'freeze' && allowance.admits([owner(id)], nowMs)) {
            const list = given.get(by) ?? [];
            given.set(by, list);
            list.push({ id, atMs: nowMs });
            const within = list.filter((each) => each.atMs > nowMs - 3_600_000).map((each) => each.id);
            expect(new Set(within).size).toBeLessThanOrEqual(MAX);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('keeps it after a million callers that get nothing, and after more callers than the table has room for', () => {
    const budgets = budgetsFor(1_000);
    const honest: Caller = [as('9'), '127.0.0.1'];
    const spent: Caller = [ANONYMOUS, '192.0.2.1'];
    for (const caller of [honest, spent]) for (const id of ['1', '2']) expect(takes(budgets, caller, id, 0)).toBe(true);
    for (let at = 0; at < 1_000_000; at++) budgets.allowance(ANONYMOUS, addressOf(at * 13), () => 1);
    expect(budgets.principals).toBe(2);
    for (let at = 0; at < 20_000; at++) takes(budgets, [ANONYMOUS, addressOf(at * 641)], '1', 2);
    expect(budgets.principals).toBe(1_001);
    for (const caller of [honest, spent]) {
      expect(takes(budgets, caller, '3', 3)).toBe(false);
      expect(takes(budgets, caller, '1', 3)).toBe(true);
    }
  });
});

describe('when a million callers have filled the table', () => {
  const budgets = budgetsFor(500);
  for (let at = 0; at < 1_000_000; at++) takes(budgets, [ANONYMOUS, addressOf(at * 3)], String(at % 5), 0);

  test('a new caller of another network is served', () => {
    expect(takes(budgets, [ANONYMOUS, '203.0.113.7'], '1', 1)).toBe(true);
    expect(takes(budgets, [ANONYMOUS, '2001:db8:1:2::3'], '1', 1)).toBe(true);
  });

  test('a new principal with a credential is served: anonymous callers have a table of their own', () => {
    for (const id of ['1', '2']) expect(takes(budgets, [as('77'), addressOf(3)], id, 1)).toBe(true);
    expect(takes(budgets, [as('77'), addressOf(3)], '3', 1)).toBe(false);
  });

  test('there is room again when the windows have passed', () => {
    const before = budgets.principals;
    for (let at = 0; at < 200; at++) takes(budgets, [ANONYMOUS, `198.51.100.${at}`], '1', 3_600_001);
    expect(budgets.principals).toBeLessThanOrEqual(before);
    expect(takes(budgets, [ANONYMOUS, '198.51.100.199'], '2', 3_600_001)).toBe(true);
  });
});

test('an IPv6 client with all addresses of its /64 has one budget', () => {
  const budgets = budgetsFor(100);
  const taken = Array.from({ length: 50 }, (_, at) =>
    takes(budgets, [ANONYMOUS, `2001:db8:0:1:${at.toString(16)}::1`], String(at), 0),
  );
  expect(taken.filter(Boolean)).toHaveLength(MAX);
});
