import { expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { ANONYMOUS, type Principal } from './principal.ts';
import type { Relate } from './relate.ts';
import { relatesByKind, Standing } from './standing.ts';

const contract = contractFrom(`
relations: { friend: { of: person, lookup: POST /x }, near: { of: person, object: { User: object.near } } }
states: { private: { of: person, lookup: POST /x } }
resources: { User: { owner: id, fields: { id: self, near: self } } }
operations: { GET /u: { by: anyone, returns: User } }
`);
const MEMBER: Principal = { kind: 'rider', ids: 'person', space: 'all', id: '9', claims: {} };

interface Asked {
  readonly standing: Standing;
  /** Relations and states that were decided, in order. */
  readonly asked: string[];
}

/** A caller that is in the named relations to the owner, in any role or in `relation as role`. */
function standingOf(holding: readonly string[], principal: Principal = MEMBER): Asked {
  const asked: string[] = [];
  const relate: Relate = {
    standsIn: (relation, role) => {
      const name = role === undefined ? relation : `${relation} as ${role}`;
      asked.push(name);
      return holding.includes(name);
    },
    counts: (state) => {
      asked.push(state);
      return holding.includes(state);
    },
  };
  return { standing: new Standing(contract, principal, relate), asked };
}

test.each<[Principal, string, boolean]>([
  [ANONYMOUS, 'anyone', true],
  [ANONYMOUS, 'member', false],
  [ANONYMOUS, 'anonymous', false],
  [MEMBER, 'anyone', true],
  [MEMBER, 'member', true],
  [MEMBER, 'rider', true],
  [MEMBER, 'driver', false],
  [MEMBER, 'nobody', false],
  [{ ...MEMBER, kind: 'nobody' }, 'nobody', false],
])('%o is by its kind %s: %s', (principal, relation, expected) =>
  expect(relatesByKind(principal, relation)).toBe(expected),
);

test('the relations are those that hold, each once, sorted, in whatever role', () => {
  const { standing } = standingOf(['friend as sender', 'near', 'self']);
  for (const of of ['sender', 'recipient']) standing.whyNot({ see: ['friend'], narrow: {}, of });
  standing.whyNot({ see: ['near'], narrow: {} });
  standing.whyNot({ see: ['friend'], narrow: {} });
  expect(standing.relations()).toEqual(['anyone', 'friend', 'member', 'near', 'rider', 'self']);
});

test('an anonymous caller is anyone, and nothing is decided for it', () => {
  const { standing, asked } = standingOf(['self', 'friend'], ANONYMOUS);
  expect(standing.whyNot({ see: ['self', 'friend'], narrow: {} })).toBe('relation');
  expect(standing.relations()).toEqual(['anyone']);
  expect(asked).toEqual([]);
});

test('nobody is a relation that never holds', () => {
  const { standing, asked } = standingOf(['nobody']);
  expect(standing.whyNot({ see: ['nobody'], narrow: {} })).toBe('relation');
  expect(asked).toEqual([]);
});

test('the states are those that count, and those that were not needed are not named', () => {
  const narrowed = { see: ['member'], narrow: { private: ['self'] } };
  const counting = standingOf(['private']);
  expect(counting.standing.whyNot(narrowed)).toBe('state:private');
  expect(counting.standing.states()).toEqual(['private']);
  const open = standingOf([]);
  expect(open.standing.whyNot(narrowed)).toBeUndefined();
  expect(open.standing.states()).toEqual([]);
  const own = standingOf(['self', 'private']);
  expect(own.standing.whyNot(narrowed)).toBeUndefined();
  expect(own.standing.states()).toEqual([]);
});

test('each relation and state is decided once', () => {
  const { standing, asked } = standingOf(['private']);
  const grant = { see: ['near', 'member'], narrow: { private: ['self', 'friend'] } };
  standing.whyNot(grant);
  standing.whyNot(grant);
  expect([...asked].sort()).toEqual(['friend', 'near', 'private', 'self']);
});

test('what needs no lookup is tried first, so that an owner never waits for one', () => {
  const { standing, asked } = standingOf(['near']);
  expect(standing.whyNot({ see: ['friend', 'near'], narrow: {} })).toBeUndefined();
  expect(asked).toEqual(['near']);
  const own = standingOf(['self']);
  expect(own.standing.whyNot({ see: ['member'], narrow: { private: ['friend', 'self'] } })).toBeUndefined();
  expect(own.asked).toEqual(['self']);
});
