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
  undeclared: 0,
};

test('parts contain the same facts in the same order, and all but the last contain the maximum', () => {
  const groups = fc.array(fc.record({ ids: fc.array(fc.string(), { maxLength: 12 }), resource: fc.string() }));
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 8 }), (given, most) => {
      const facts = given.map((each): FactGroup => ({ ...GROUP, ...each }));
      const parts = splitFacts(facts, most);
      expect(parts.flatMap(ungroupFacts)).toEqual(ungroupFacts(facts));
      expect(parts.slice(0, -1).map(countFacts)).toEqual(parts.slice(1).map(() => most));
      expect(countFacts(parts.at(-1) ?? [])).toBeLessThanOrEqual(most);
    }),
  );
});

test('of a response of which only the head was released, nothing was seen', () => {
  expect(asWithheld([GROUP])).toEqual([{ ...GROUP, seen: [], withheld: ['age', 'city', 'email', 'id'] }]);
});

test('everything seen in the response to an operation that is not admitted was exposed', () => {
  expect(asExposed([GROUP])).toEqual([{ ...GROUP, seen: [], exposed: ['city', 'email', 'id'] }]);
});
