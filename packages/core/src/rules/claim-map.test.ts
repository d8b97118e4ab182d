import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClaimMap } from './claim-map.ts';
import { type Claim, claimKey } from './claim.ts';

const name = fc.constantFrom('', 'a', 'b');
const owner = fc.record({ kind: name, space: name, id: name });
const principal = fc.record({ kind: name, space: name, id: name, ids: name, claims: fc.constant({}) });
const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ type: fc.constant('state'), state: name, owner }),
  fc.record({ type: fc.constant('relation'), relation: name, principal, owner }),
);
const entries = fc.array(fc.tuple(claim, fc.integer()), { maxLength: 60 });

describe('a map by claim', () => {
  test('is a map by the key of the claim, as long as it is not full', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const map = new ClaimMap<number>(Infinity);
        const model = new Map<string, number>();
        for (const [each, value] of given) {
          expect(map.get(each)).toBe(model.get(claimKey(each)));
          map.set(each, value);
          model.set(claimKey(each), value);
        }
        for (const [each] of given) expect(map.get(each)).toBe(model.get(claimKey(each)));
        expect(map.size).toBe(model.size);
      }),
    );
  });

  test('never holds more than it may, never forgets the newer half, and never tells an old value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), entries, (max, given) => {
        const map = new ClaimMap<number>(max);
        const model = new Map<string, number>();
        for (const [each, value] of given) {
          map.set(each, value);
          model.delete(claimKey(each));
          model.set(claimKey(each), value);
          expect(map.size).toBeLessThanOrEqual(max);
        }
        const newest = new Set([...model.keys()].slice(-Math.floor(max / 2)));
        for (const [each] of given) {
          const key = claimKey(each);
          const found = map.get(each);
          if (newest.has(key) || found !== undefined) expect(found).toBe(model.get(key));
        }
      }),
    );
  });

  test('forgets, when it turns twice, all but what was set between', () => {
    const map = new ClaimMap<string>(Infinity);
    const about = (id: string): Claim => ({
      type: 'state',
      state: 'private',
      owner: { kind: 'person', space: 'us', id },
    });
    map.set(about('1'), 'one');
    map.turn();
    map.set(about('2'), 'two');
    expect([map.get(about('1')), map.get(about('2')), map.recent]).toEqual(['one', 'two', 1]);
    map.turn();
    expect([map.get(about('1')), map.get(about('2')), map.recent]).toEqual([undefined, 'two', 0]);
  });
});
