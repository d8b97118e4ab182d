import type { FactGroup } from '@leakproof/core';

/** The facts of a response of which only the head was released. */
export function asWithheld(groups: readonly FactGroup[]): FactGroup[] {
  return groups.map((group) => ({ ...group, seen: [], withheld: union(group.withheld, group.seen) }));
}

/** The facts of a response to a request that the contract does not admit (`monitor`). */
export function asExposed(groups: readonly FactGroup[]): FactGroup[] {
  return groups.map((group) => ({ ...group, seen: [], exposed: union(group.exposed, group.seen) }));
}

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}
