import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OwnerWindow } from './owner-window.ts';

const WITHIN_MS = 20_000;

/** A simple model: each owner with the time it was last given. */
class SimpleWindow {
  readonly #max: number;
  #given: readonly { readonly owner: string; readonly atMs: number }[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  count(nowMs: number): number {
    this.#given = this.#given.filter(({ atMs }) => atMs > nowMs - WITHIN_MS);
    return this.#given.length;
  }

  hasRoomFor(owners: readonly string[], nowMs: number): boolean {
    const count = this.count(nowMs);
    return (
      count + new Set(owners.filter((owner) => !this.#given.some((each) => each.owner === owner))).size <= this.#max
    );
  }

  add(owners: readonly string[], atMs: number): void {
    for (const owner of owners) {
      const others = this.#given.filter((each) => each.owner !== owner);
      this.#given = others.length < this.#max ? [...others, { owner, atMs }] : others;
    }
  }

  nextExpiryMs(nowMs: number): number {
    return (this.#given[0]?.atMs ?? nowMs) + WITHIN_MS;
  }
}

const owners = fc.array(fc.integer({ max: 14 }).map(String), { maxLength: 12 });
const step = fc.record({ owners, isAsked: fc.boolean(), afterMs: fc.oneof(fc.nat(30), fc.nat(12_000)) });

describe('a window of owners', () => {
  test('counts, has room and expires as the simple model does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 40 }), (max, steps) => {
        const window = new OwnerWindow(WITHIN_MS, max);
        const simple = new SimpleWindow(max);
        let nowMs = 1_000;
        for (const each of steps) {
          nowMs += each.afterMs;
          const hasRoom = window.hasRoomFor(each.owners, nowMs);
          expect(hasRoom).toBe(simple.hasRoomFor(each.owners, nowMs));
          if (each.isAsked && !hasRoom) continue;
          window.add(each.owners, nowMs);
          simple.add(each.owners, nowMs);
          expect(window.nextExpiryMs(nowMs)).toBe(simple.nextExpiryMs(nowMs));
          expect(window.count(nowMs)).toBe(simple.count(nowMs));
        }
      }),
    );
  });

  test('keeps no more owners than its limit', () => {
    const window = new OwnerWindow(WITHIN_MS, 3);
    window.add(['1', '2', '3', '4', '5'], 1_000);
    expect(window.count(1_000)).toBe(3);
  });

  test('is idle once every owner and every refusal has left it', () => {
    const window = new OwnerWindow(WITHIN_MS, 3);
    expect(window.isIdle(1_000)).toBe(true);
    window.add(['1'], 1_000);
    window.addRefusal(1_500, 10);
    expect([20_999, 21_000, 21_499, 21_500].map((atMs) => window.isIdle(atMs))).toEqual([false, false, false, true]);
  });
});
