import type { CompiledContract } from '../contract/compiled.ts';
import { keyFor, keysBelow, type ObjectShape } from '../contract/shape.ts';
import { type JsonNode, type JsonText, memberOf, valueOf } from '../wire/json.ts';
import { setAtPath, conditionPathsOf } from '../rules/condition-reads.ts';

/** The values at a path of an object. */
export interface Reached {
  readonly nodes: readonly JsonNode[];
  /** Some step of the path met a value that it does not fit: what is there is unknown, not absent. */
  readonly misfit: boolean;
}

/**
 * The values at `path` below an object, by the contract's field names, with GraphQL aliases resolved. `*` is every element of an
 * array. A missing member, null, an empty string and an empty array on the way are absent values; any other value that the
 * path does not fit is a misfit.
 */
export function stepInto(node: JsonNode, shape: ObjectShape, path: readonly string[]): Reached {
  let places: { node: JsonNode; keys: ObjectShape['keys'] }[] = [{ node, keys: shape.keys }];
  let misfit = false;
  for (const step of path) {
    places = places.flatMap((place) => {
      if (isAbsent(place.node)) return [];
      if (step === '*' ? place.node.type !== 'array' : place.node.type !== 'object') {
        misfit ||= !isEmptyArray(place.node);
        return [];
      }
      if (place.node.type === 'array') return place.node.items.map((item) => ({ node: item, keys: place.keys }));
      const key = place.keys ? keyFor(place.keys, step) : undefined;
      // A field that could not be selected may still have a value.
      if (place.keys && !key) misfit = true;
      const next = memberOf(place.node, place.keys ? (key?.[0] ?? '') : step);
      return next && (!place.keys || key) ? [{ node: next, keys: keysBelow(key?.[1]) }] : [];
    });
  }
  return { nodes: places.map((place) => place.node), misfit };
}

/** Null and the empty string name no owner; any other value at an owner path must be an id. */
export function isAbsent(node: JsonNode): boolean {
  return node.type === 'null' || (node.type === 'string' && node.end - node.start === 2);
}

function isEmptyArray(node: JsonNode): boolean {
  return node.type === 'array' && node.items.length === 0;
}

/** Only the values that conditions on this resource read, by the contract's field names. */
export function evidenceOf(
  contract: CompiledContract,
  resource: string,
  { json, node, shape }: { readonly json: JsonText; readonly node: JsonNode; readonly shape: ObjectShape },
): Readonly<Record<string, unknown>> {
  const evidence = Object.create(null) as Record<string, unknown>;
  for (const path of conditionPathsOf(contract, resource)) {
    const [found] = stepInto(node, shape, path).nodes;
    if (found) setAtPath(evidence, path, valueOf(json, found));
  }
  return evidence;
}
