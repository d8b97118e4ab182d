import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld, type World } from '../testing/arbitrary-world.ts';
import { canariesIn, withCanaries } from '../testing/canaries.ts';
import { contractFrom } from '../testing/contract-from.ts';
import { readJson } from '../wire/json.ts';
import { judge } from '../rules/judge.ts';
import { NOTHING_KNOWN } from '../rules/known.ts';
import { observe } from './observe.ts';
import { ANONYMOUS } from '../rules/principal.ts';
import { seal, type Sealed, type SealRequest } from './seal.ts';
import type { ObservedValue } from './observation.ts';

type Sealing = Exclude<Sealed, { type: 'ask' }>;

function sealed({ contract, expected, text, principal, known }: World, more: Partial<SealRequest> = {}): Sealing {
  const result = seal(contract, readJson(text), { expected, principal, known, mode: 'enforce', final: true, ...more });
  if (result.type === 'ask') throw new Error('A final sealing asks for nothing.');
  return result;
}

function textOf(result: Sealing): string {
  return result.type === 'body' ? result.text : '';
}

function isGraphql({ expected, contract }: World): boolean {
  return JSON.stringify([expected.shape, contract.resources]).includes('"keys"');
}

/** The canaries that may leave, found without cutting anything. (GraphQL may lose more: a null bubbles.) */
function canariesAllowed({ contract, expected, text, principal, known }: World): string[] {
  const json = readJson(text);
  const allowed = (place: ObservedValue): string[] => {
    switch (place.type) {
      case 'whole':
        return canariesIn(json, place.node);
      case 'list':
        return place.items.flatMap(allowed);
      case 'map':
        return place.entries.flatMap(allowed);
      case 'object': {
        const { visible, forbidden } = judge(contract, principal, place.sighting, known);
        if (!visible || (place.keyField !== undefined && forbidden.has(place.keyField))) return [];
        return place.members.flatMap(({ field, place: value }) =>
          field === undefined || forbidden.has(field) ? [] : allowed(value),
        );
      }
      case 'ref': {
        const { visible, forbidden } = judge(contract, principal, place.sighting, known);
        return visible && forbidden.size === 0 ? canariesIn(json, place.node) : [];
      }
      case 'misshapen':
        return [];
    }
  };
  return allowed(observe(contract, expected, json).root);
}

describe('whatever the contract, the body and the caller,', () => {
  test('a released body is strict JSON', () => {
    let released = 0;
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const result = sealed(world);
        if (result.type !== 'body') return;
        released++;
        expect(() => readJson(result.text)).not.toThrow();
      }),
    );
    expect(released).toBeGreaterThan(20);
  });

  test('a body of which nothing is withheld is released byte for byte, and `changed` says whether it was', () => {
    const counts = { untouched: 0, changed: 0, unchanged: 0 };
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const result = sealed(world);
        if (result.withheld.length === 0 && !isGraphql(world)) {
          counts.untouched++;
          expect(textOf(result)).toBe(world.text);
        }
        if (result.type !== 'body') return;
        counts[result.changed ? 'changed' : 'unchanged']++;
        expect(result.changed).toBe(result.text !== world.text);
      }),
      { numRuns: 300 },
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(5);
  });

  test('with everything allowed and declared, every byte leaves as it came', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const result = sealed({ ...world, expected: { shape: { type: 'any' }, space: 'us' } });
        expect(textOf(result)).toBe(world.text);
      }),
    ));

  test('what is allowed leaves in its order, and nothing else', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (drawn) => {
        const world = { ...drawn, text: withCanaries(drawn.text) };
        const out = textOf(sealed(world)).match(/canary-\d+-/g) ?? [];
        const allowed = canariesAllowed(world);
        if (isGraphql(world)) expect(allowed).toEqual(expect.arrayContaining(out));
        else expect(out).toEqual(allowed);
      }),
      { numRuns: 250 },
    ));

  test('the fields of a fact are the declared fields of its object, each seen or withheld; other keys are counted', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const { facts } = sealed(world);
        const { sightings } = observe(world.contract, world.expected, readJson(world.text));
        const owned = sightings.flatMap((each) => each.owners.map(() => each));
        expect(facts).toHaveLength(owned.length);
        facts.forEach((fact, index) => {
          const fields = owned[index]?.fields ?? [];
          const declared = fields.filter((field) => field.fault !== 'undeclared');
          expect(new Set([...fact.seen, ...fact.withheld])).toEqual(new Set(declared.map((field) => field.field)));
          expect(fact.undeclared).toBe(fields.length - declared.length);
          expect(fact.exposed).toEqual([]);
          expect(fact.seen).toEqual([...new Set(fact.seen)].sort());
        });
      }),
    ));

  test('in monitor every byte leaves, and what would have been withheld is exposed', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const watched = sealed(world, { mode: 'monitor' });
        const enforced = sealed(world);
        expect(watched).toMatchObject({ type: 'body', text: world.text, changed: false });
        if (isGraphql(world)) return;
        expect(watched.withheld).toEqual(enforced.withheld);
        expect(watched.facts).toEqual(
          enforced.facts.map((fact) => ({ ...fact, exposed: fact.withheld, withheld: [] })),
        );
      }),
    ));

  test('what has left, sealed again for the same caller, leaves unchanged if what it is judged by is still in it', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const first = sealed(world);
        const isJudgedBy = /^(?:|id|kind|weight|shared|meta|is_private|friend)$|_id$/;
        if (first.type !== 'body' || isGraphql(world) || first.withheld.some((each) => isJudgedBy.test(each.field)))
          return;
        const second = sealed({ ...world, text: first.text });
        expect(textOf(second)).toBe(first.text);
      }),
      { numRuns: 250 },
    ));

  test('without answers it asks, or needs none', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const { contract, expected, text, principal } = world;
        const first = seal(contract, readJson(text), {
          expected,
          principal,
          known: NOTHING_KNOWN,
          mode: 'enforce',
          final: false,
        });
        if (first.type !== 'ask') expect(first).toEqual(sealed(world));
        else expect(first.asks.length).toBeGreaterThan(0);
      }),
    ));

  test('a spent budget withholds whole objects, and each is asked for once', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const asked: string[] = [];
        const none = sealed(world, { admits: ({ pointer }) => asked.push(pointer) < 0 });
        expect(none.facts.flatMap((fact) => fact.seen)).toEqual([]);
        expect(new Set(asked).size).toBe(asked.length);
        const all: string[] = [];
        expect(sealed(world, { admits: ({ pointer }) => all.push(pointer) > 0 })).toEqual(sealed(world));
      }),
    ));
});

describe('where something goes, its comma goes with it and white space stays:', () => {
  const contract = contractFrom(`
resources: { User: { owner: id, see: anyone, fields: { id: anyone, a: anyone, b: self, c: { see: self, instead: null } } } }
operations: { GET /u: { by: anyone, returns: User } }
`);
  test.each([
    ['the first', '{ "b": 1, "id": 7, "a": 2 }', '{ "id": 7, "a": 2 }'],
    ['one in the middle', '{ "id": 7,\n  "b": 1,\n  "a": 2\n}', '{ "id": 7,\n  "a": 2\n}'],
    ['the last', '{"id":7 , "b":1 }', '{"id":7 }'],
    ['two in a row', '{"id":7,"b":1,"x":2,"a":3}', '{"id":7,"a":3}'],
    ['all but the owner', '{"b":1,"id":7}', '{"id":7}'],
    ['none', ' {"id":7,"a":2}\n', ' {"id":7,"a":2}\n'],
    ['one that is replaced', '{"c" : {"deep":[1,2]} , "id":7}', '{"c" : null , "id":7}'],
    ['one with brackets and commas in a text', '{"b":"}],\\"{[","id":7}', '{"id":7}'],
  ])('%s', (_, text, expected) => {
    const world = {
      contract,
      expected: { shape: { type: 'object', resource: 'User' }, space: 'all' },
      text,
      principal: ANONYMOUS,
      known: NOTHING_KNOWN,
    } as const;
    expect(textOf(sealed(world))).toBe(expected);
  });
});
