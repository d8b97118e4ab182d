import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryWorld, type World } from '../testing/arbitrary-world.ts';
import { withCanaries } from '../testing/canaries.ts';
import { type JsonNode, readJson } from '../wire/json.ts';
import { observe } from './observe.ts';
import { ownersFound } from './owners-found.ts';
import { seal } from './seal.ts';

/** Members at which owners are found, with values that are neither an id nor absent there. */
const MISFITS: readonly (readonly [key: RegExp, values: readonly string[]])[] = [
  [/^shared$/, ['true', '7', '"7"', '{"id":"7"}', '[{"id":"7"}]', '[["7"]]', '[1.5]']],
  [/^meta$/, ['true', '7', '"7"', '["7"]', '[{"person_id":"7"}]', '{"person_id":{"id":"7"}}', '{"person_id":[7]}']],
  [/^(?:id|.*_id)$/, ['true', '1.5', '1e3', '{"id":"7"}', '["7"]', '[{}]', '{}']],
];

interface Place {
  readonly node: JsonNode;
  readonly values: readonly string[];
}

/**
 * In a GraphQL response only what was added as evidence: there a client's own selection may be null, and take with it what
 * would be allowed, where another value of the wrong type does not.
 */
function ownerPlaces({ contract, expected }: World, text: string): Place[] {
  // The selection may be that of a resource, below the envelope.
  const isGraphql = JSON.stringify([expected.shape, contract.resources]).includes('"keys"');
  const places: Place[] = [];
  const visit = (node: JsonNode): void => {
    if (node.type === 'array') node.items.forEach(visit);
    if (node.type !== 'object') return;
    for (const { key, value } of node.members) {
      const [, values] = MISFITS.find(([pattern]) => pattern.test(key.replace('leakproof_', ''))) ?? [];
      if (values && (!isGraphql || key.startsWith('leakproof_'))) places.push({ node: value, values });
      visit(value);
    }
  };
  visit(readJson(text).root);
  return places;
}

function released({ contract, expected, principal, known }: World, text: string): ReadonlySet<string> {
  const sealed = seal(contract, readJson(text), { expected, principal, known, mode: 'enforce', final: true });
  return new Set(sealed.type === 'body' ? sealed.text.match(/canary-\d+-/g) : []);
}

test('whatever stands where an owner should, but is no id and not absent: what is released only shrinks', () => {
  let shrunk = 0;
  let tried = 0;
  fc.assert(
    fc.property(arbitraryWorld(), fc.nat(), fc.nat(), (drawn, at, which) => {
      const text = withCanaries(drawn.text);
      const places = ownerPlaces(drawn, text);
      const place = places[at % Math.max(1, places.length)];
      if (!place) return;
      const misfit = place.values[which % place.values.length] ?? 'true';
      const before = released(drawn, text);
      const after = released(drawn, text.slice(0, place.node.start) + misfit + text.slice(place.node.end));
      tried++;
      if (after.size < before.size) shrunk++;
      expect([...after].filter((each) => !before.has(each))).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
  expect(tried).toBeGreaterThan(1_000);
  expect(shrunk).toBeGreaterThan(50);
});

test('of a pre-read, the owners are all of them or unknown', () => {
  const counts = { known: 0, unknown: 0 };
  fc.assert(
    fc.property(arbitraryWorld(), ({ contract, expected, text }) => {
      const observation = observe(contract, expected, readJson(text));
      const found = ownersFound(observation);
      counts[found === 'unknown' ? 'unknown' : 'known']++;
      const { root } = observation;
      const isKnown = root.type === 'object' && !root.sighting.ownerUnknown;
      expect(found === 'unknown').toBe(!isKnown);
    }),
    { numRuns: 500 },
  );
  expect(counts.known).toBeGreaterThan(5);
  expect(counts.unknown).toBeGreaterThan(50);
});
