import type { CompiledContract, Condition, RelationRule, StateRule } from '../contract/compiled.ts';

const readsCache = new WeakMap<CompiledContract, Map<string, readonly (readonly string[])[]>>();

/** Every path that conditions read of an object of `resource`. */
export function conditionPathsOf(contract: CompiledContract, resource: string): readonly (readonly string[])[] {
  let byResource = readsCache.get(contract);
  if (!byResource) readsCache.set(contract, (byResource = new Map<string, readonly (readonly string[])[]>()));
  let reads = byResource.get(resource);
  if (!reads)
    byResource.set(resource, (reads = conditionsOn(contract, resource).flatMap((condition) => condition.reads)));
  return reads;
}

function conditionsOn(contract: CompiledContract, resource: string): Condition[] {
  return rulesOf(contract).flatMap((rule) => [
    ...whenOf(rule),
    ...(rule.object ? [conditionFor(rule.object, resource)].filter((each) => each !== undefined) : []),
  ]);
}

/** Every condition of a contract. */
export function conditionsOf(contract: CompiledContract): Condition[] {
  return rulesOf(contract).flatMap((rule) => [...whenOf(rule), ...Object.values(rule.object ?? {})]);
}

const whenOf = (rule: RelationRule | StateRule): Condition[] => ('when' in rule && rule.when ? [rule.when] : []);

function rulesOf({ relations, states }: CompiledContract): (RelationRule | StateRule)[] {
  return [...Object.values(relations), ...Object.values(states)];
}

/** The condition of a rule for one resource: its own, or the one for all. */
export function conditionFor(conditions: Readonly<Record<string, Condition>>, resource: string): Condition | undefined {
  if (Object.hasOwn(conditions, resource)) return conditions[resource];
  return Object.hasOwn(conditions, '*') ? conditions['*'] : undefined;
}

export function setAtPath(record: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = record;
  for (const step of path.slice(0, -1)) {
    const next = at[step];
    if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>;
    else at = at[step] = Object.create(null) as Record<string, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}
