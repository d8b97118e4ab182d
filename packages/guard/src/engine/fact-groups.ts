import { countFacts, type FactGroup } from '@leakproof/core';

/** Splits groups of facts into parts of at most `max` facts, in order; a larger group is split. Returns at least one part. */
export function splitFacts(groups: readonly FactGroup[], max: number): readonly (readonly FactGroup[])[] {
  if (countFacts(groups) <= max) return [groups];
  let part: FactGroup[] = [];
  let free = max;
  const parts = [part];
  for (const group of groups) {
    for (let at = 0; at < group.ids.length;) {
      if (free === 0) {
        parts.push((part = []));
        free = max;
      }
      const ids = group.ids.slice(at, at + free);
      part.push({ ...group, ids });
      at += ids.length;
      free -= ids.length;
    }
  }
  return parts;
}

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
