import type { CompiledContract, Condition } from '../contract/compiled.ts';
import type { ObjectShape, SelectedKey } from '../contract/shape.ts';
import { type JsonNode, type JsonText, memberOf, valueOf } from '../wire/json.ts';

/**
 * The nodes at `path` below an object, by the contract's field names: GraphQL aliases are seen through. `*` steps into
 * every element of an array.
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

/** What was added for evidence goes first: the client's own selection may carry arguments that change the value. */
export function keyFor(keys: NonNullable<ObjectShape['keys']>, field: string): [string, SelectedKey] | undefined {
  const found = Object.entries(keys).filter(([, key]) => key.field === field);
  return found.find(([, key]) => key.added) ?? found[0];
}

/** The keys of the objects that stand under a key, in lists or not. */
export function keysBelow(key: SelectedKey | undefined): ObjectShape['keys'] {
  let shape = key?.shape;
  while (shape?.is === 'list') shape = shape.of;
  return shape?.is === 'object' ? shape.keys : undefined;
}

/** Only what conditions on this resource read, laid out by the contract's field names. */
export function evidenceOf(
  contract: CompiledContract,
  resource: string,
  json: JsonText,
  node: JsonNode,
  shape: ObjectShape,
): Readonly<Record<string, unknown>> {
  const evidence = Object.create(null) as Record<string, unknown>;
  for (const path of readsOf(contract, resource)) {
    const [found] = stepInto(node, shape, path);
    if (found) put(evidence, path, valueOf(json, found));
  }
  return evidence;
}

const readsCache = new WeakMap<CompiledContract, Map<string, readonly (readonly string[])[]>>();

/** Every path that a condition may read of an object of `resource`. */
export function readsOf(contract: CompiledContract, resource: string): readonly (readonly string[])[] {
  let byResource = readsCache.get(contract);
  if (!byResource) readsCache.set(contract, (byResource = new Map<string, readonly (readonly string[])[]>()));
  let reads = byResource.get(resource);
  if (!reads)
    byResource.set(resource, (reads = conditionsOn(contract, resource).flatMap((condition) => condition.reads)));
  return reads;
}

function conditionsOn(contract: CompiledContract, resource: string): Condition[] {
  const rules = [...Object.values(contract.relations), ...Object.values(contract.states)];
  return rules.flatMap((rule) => [
    ...('when' in rule && rule.when ? [rule.when] : []),
    ...(rule.object ? [conditionFor(rule.object, resource)].filter((each) => each !== undefined) : []),
  ]);
}

/** The condition of a rule for one resource: its own, or the one for all. */
export function conditionFor(conditions: Readonly<Record<string, Condition>>, resource: string): Condition | undefined {
  if (Object.hasOwn(conditions, resource)) return conditions[resource];
  return Object.hasOwn(conditions, '*') ? conditions['*'] : undefined;
}

export function put(record: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = record;
  for (const step of path.slice(0, -1)) {
    const next = at[step];
    if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>;
    else at = at[step] = Object.create(null) as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
