import { countFacts, type FactGroup, ungroupFacts } from '@leakproof/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asExposed, splitFacts, asWithheld } from './fact-groups.ts';

const GROUP: FactGroup = {
  owner: { kind: 'person', space: 'us' },
  ids: ['1', '2'],
  role: undefined,
  about: false,
  resource: 'User',
  relations: ['anyone'],
  states: [],
  seen: ['city', 'id'],
  exposed: ['email'],
  withheld: ['age', 'email'],
};

test('packs hold the same facts in the same order, none of them more than it may, and all but the last as many', () => {
  const groups = fc.array(fc.record({ ids: fc.array(fc.string(), { maxLength: 12 }), resource: fc.string() }));
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 8 }), (given, most) => {
      const facts = given.map((each): FactGroup => ({ ...GROUP, ...each }));
      const packs = splitFacts(facts, most);
      expect(packs.flatMap(ungroupFacts)).toEqual(ungroupFacts(facts));
      expect(packs.slice(0, -1).map(countFacts)).toEqual(packs.slice(1).map(() => most));
      expect(countFacts(packs.at(-1) ?? [])).toBeLessThanOrEqual(most);
    }),
  );
});

test('of a response of which only the head left nothing was seen', () => {
  expect(asWithheld([GROUP])).toEqual([{ ...GROUP, seen: [], withheld: ['age', 'city', 'email', 'id'] }]);
});

test('all that was seen of a refused operation was exposed', () => {
  expect(asExposed([GROUP])).toEqual([{ ...GROUP, seen: [], exposed: ['city', 'email', 'id'] }]);
});
