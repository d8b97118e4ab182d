import type { CompiledContract } from '../contract/compiled.ts';
import { keyFor, keysBelow, type ObjectShape } from '../contract/shape.ts';
import { type JsonNode, type JsonText, memberOf, valueOf } from '../wire/json.ts';
import { setAtPath, conditionPathsOf } from '../rules/condition-reads.ts';

/**
 * The nodes at `path` below an object, by the contract's field names, with GraphQL aliases resolved. `*` is every element
 * of an array.
 */
export function stepInto(node: JsonNode, shape: ObjectShape, path: readonly string[]): JsonNode[] {
  let places: { node: JsonNode; keys: ObjectShape['keys'] }[] = [{ node, keys: shape.keys }];
  for (const step of path) {
    places = places.flatMap((place) => {
      if (step === '*')
        return place.node.type === 'array' ? place.node.items.map((item) => ({ node: item, keys: place.keys })) : [];
      const key = place.keys ? keyFor(place.keys, step) : undefined;
      const next = memberOf(place.node, place.keys ? (key?.[0] ?? '') : step);
      return next && (!place.keys || key) ? [{ node: next, keys: keysBelow(key?.[1]) }] : [];
    });
  }
  return places.map((place) => place.node);
}

/** Only the values that conditions on this resource read, by the contract's field names. */
export function evidenceOf(
  contract: CompiledContract,
  resource: string,
  { json, node, shape }: { readonly json: JsonText; readonly node: JsonNode; readonly shape: ObjectShape },
): Readonly<Record<string, unknown>> {
  const evidence = Object.create(null) as Record<string, unknown>;
  for (const path of conditionPathsOf(contract, resource)) {
    const [found] = stepInto(node, shape, path);
    if (found) setAtPath(evidence, path, valueOf(json, found));
  }
  return evidence;
}
