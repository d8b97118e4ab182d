import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledContract, Grant, Resource } from '../contract/compiled.ts';
import { arbitraryWorld, knownBy, type World } from '../testing/arbitrary-world.ts';
import { contractFrom } from '../testing/contract-from.ts';
import { RELATIONS, RESOURCES, STATES } from '../testing/contracts.ts';
import { readJson } from '../wire/json.ts';
import { judge, type Ruling } from './judge.ts';
import type { Truth } from '../contract/condition.ts';
import type { Known } from './known.ts';
import type { Claim } from './claim.ts';
import { observe } from '../response/observe.ts';
import { ANONYMOUS, type Principal } from './principal.ts';

describe('who stands where sees what:', () => {
  const contract = contractFrom(`
relations: { follower: { of: person, lookup: POST /x } }
states: { private: { of: person, lookup: POST /x }, shy: { of: person, lookup: POST /x, unknown: false } }
resources:
  User:
    owner: id
    see: anyone
    fields:
      id: anyone
      open: anyone
      inner: { see: member, narrow: { private: [self, follower] } }
      shyly: { see: [self, follower], narrow: { shy: self } }
      both: { see: member, narrow: { private: [self, follower], shy: self } }
      own: self
      never: nobody
operations: { GET /u: { by: anyone, returns: User } }
`);
  const body = readJson('{"id":"7","open":1,"inner":1,"shyly":1,"both":1,"own":1,"never":1}');
  const member = (id: string): Principal => ({ kind: 'member', id, ids: 'person', space: 'all', claims: {} });
  const callers = { anonymous: ANONYMOUS, stranger: member('9'), follower: member('8'), self: member('7') };

  function seen(caller: Principal, states: Readonly<Record<string, Truth>>): string[] {
    const known: Known = {
      get: (claim) =>
        claim.type === 'state' ? (states[claim.state] ?? 'unknown') : claim.principal.id === '8' ? 'yes' : 'no',
    };
    const [sighting] = observe(contract, { shape: { type: 'object', resource: 'User' }, space: 'all' }, body).sightings;
    if (!sighting) throw new Error('Nothing was sighted.');
    return judge(contract, caller, sighting, known).allowed.map((index) => sighting.fields[index]?.field ?? '');
  }

  test.each([
    ['anonymous', { private: 'no', shy: 'no' }, ['id', 'open']],
    ['anonymous', {}, ['id', 'open']],
    ['stranger', { private: 'no', shy: 'no' }, ['id', 'open', 'inner', 'both']],
    ['stranger', { private: 'yes', shy: 'no' }, ['id', 'open']],
    ['stranger', { private: 'no', shy: 'yes' }, ['id', 'open', 'inner']],
    ['stranger', { private: 'no' }, ['id', 'open', 'inner', 'both']],
    ['stranger', { shy: 'no' }, ['id', 'open']],
    ['follower', { private: 'no', shy: 'no' }, ['id', 'open', 'inner', 'shyly', 'both']],
    ['follower', { private: 'yes', shy: 'no' }, ['id', 'open', 'inner', 'shyly', 'both']],
    ['follower', { private: 'yes', shy: 'yes' }, ['id', 'open', 'inner']],
    ['follower', {}, ['id', 'open', 'inner', 'shyly', 'both']],
    ['self', { private: 'yes', shy: 'yes' }, ['id', 'open', 'inner', 'shyly', 'both', 'own']],
    ['self', {}, ['id', 'open', 'inner', 'shyly', 'both', 'own']],
  ] as [keyof typeof callers, Record<string, Truth>, string[]][])('%s, while %j: %j', (caller, states, expected) =>
    expect(seen(callers[caller], states)).toEqual(expected),
  );
});

function rulings({ contract, expected, text, principal, known }: World): Ruling[] {
  return observe(contract, expected, readJson(text)).sightings.map((each) => judge(contract, principal, each, known));
}

/** Everything allowed in `less` is allowed in `more`. */
function expectWithin(less: readonly Ruling[], more: readonly Ruling[]): void {
  expect(less).toHaveLength(more.length);
  less.forEach((ruling, index) => {
    expect(more[index]?.allowed).toEqual(expect.arrayContaining([...ruling.allowed]));
    if (ruling.visible) expect(more[index]?.visible).toBe(true);
  });
}

describe('whatever the contract, the body and the caller,', () => {
  test('narrowing something more never lets anybody see more', () =>
    fc.assert(
      fc.property(
        arbitraryWorld(),
        fc.constantFrom(...RESOURCES),
        fc.option(fc.constantFrom('id', 'name', 'kind')),
        fc.constantFrom(...STATES),
        fc.subarray<string>([...RELATIONS], { minLength: 1 }),
        (world, resource, field, state, left) => {
          const narrower = narrowed(world.contract, resource, field, (grant) => ({
            ...grant,
            narrow: { ...grant.narrow, [state]: grant.narrow[state]?.filter((each) => left.includes(each)) ?? left },
          }));
          expectWithin(rulings({ ...world, contract: narrower }), rulings(world));
        },
      ),
    ));

  test('a narrow of the operation never lets anybody see more', () =>
    fc.assert(
      fc.property(
        arbitraryWorld(),
        fc.constantFrom(...STATES),
        fc.subarray<string>([...RELATIONS], { minLength: 1 }),
        (world, state, left) => {
          const { narrow: _, ...expected } = world.expected;
          const wide = rulings({ ...world, expected });
          expectWithin(rulings({ ...world, expected: { ...expected, narrow: { [state]: left } } }), wide);
        },
      ),
    ));

  test('a relation that is not known shows no more than one that is, and a state no less', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const relation = (answer: Truth): Known => ({
          get: (claim: Claim) => (claim.type === 'relation' ? answer : world.known.get(claim)),
        });
        const state = (answer: Truth): Known => ({
          get: (claim: Claim) => (claim.type === 'state' ? answer : world.known.get(claim)),
        });
        const under = (known: Known): Ruling[] => rulings({ ...world, known });
        expect(under(relation('unknown')).map((each) => each.allowed)).toEqual(
          under(relation('no')).map((each) => each.allowed),
        );
        expectWithin(under(relation('unknown')), under(relation('yes')));
        expectWithin(under(state('yes')), under(state('unknown')));
        expectWithin(under(state('unknown')), under(state('no')));
      }),
    ));

  test('who is not known sees nothing that a member does not', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) =>
        expectWithin(rulings({ ...world, principal: ANONYMOUS }), rulings(world)),
      ),
    ));

  test('a ruling that asks for nothing stays as it is, whatever becomes known', () => {
    let settled = 0;
    fc.assert(
      fc.property(
        arbitraryWorld(),
        fc.array(fc.constantFrom<Truth>('yes', 'no', 'unknown'), { minLength: 1, maxLength: 8 }),
        (world, answers) => {
          const nothing = rulings({ ...world, known: { get: () => 'unknown' } });
          const other = rulings({ ...world, known: knownBy(answers) });
          nothing.forEach((ruling, index) => {
            if (ruling.asks.length > 0) return;
            settled++;
            expect(other[index]).toEqual(ruling);
          });
        },
      ),
    );
    expect(settled).toBeGreaterThan(50);
  });

  test('every field is either allowed or forbidden, and none where the object may not be known', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const { sightings } = observe(world.contract, world.expected, readJson(world.text));
        rulings(world).forEach(({ visible, allowed, forbidden }, index) => {
          const all = [...allowed, ...forbidden.keys()].sort((a, b) => a - b);
          expect(all).toEqual(sightings[index]?.fields.map((_, at) => at));
          if (!visible) expect(allowed).toEqual([]);
        });
      }),
    ));
});

function narrowed(
  contract: CompiledContract,
  name: string,
  field: string | null,
  change: (grant: Grant) => Grant,
): CompiledContract {
  const resource = contract.resources[name];
  if (!resource) return contract;
  const changed: Resource =
    field === null
      ? { ...resource, ...(resource.see ? { see: change(resource.see) } : {}) }
      : {
          ...resource,
          fields: Object.fromEntries(
            Object.entries(resource.fields).map(([key, each]) => [
              key,
              key === field ? { ...each, grant: change(each.grant) } : each,
            ]),
          ),
        };
  return { ...contract, resources: { ...contract.resources, [name]: changed } };
}
