import { countFacts, type FactGroup } from '@leakproof/core';

/** The same facts in packs of at most `most`, in their order: a group that is too large is split. One pack at least. */
export function packsOf(groups: readonly FactGroup[], most: number): readonly (readonly FactGroup[])[] {
  if (countFacts(groups) <= most) return [groups];
  let pack: FactGroup[] = [];
  let room = most;
  const packs = [pack];
  for (const group of groups) {
    for (let at = 0; at < group.ids.length;) {
      if (room === 0) {
        packs.push((pack = []));
        room = most;
      }
      const ids = group.ids.slice(at, at + room);
      pack.push({ ...group, ids });
      at += ids.length;
      room -= ids.length;
    }
  }
  return packs;
}

/** Facts of a response of which only the head was released. */
export function unseen(groups: readonly FactGroup[]): FactGroup[] {
  return groups.map((group) => ({ ...group, seen: [], withheld: union(group.withheld, group.seen) }));
}

/** Facts of a response whose whole operation the contract refuses (`monitor`). */
export function exposed(groups: readonly FactGroup[]): FactGroup[] {
  return groups.map((group) => ({ ...group, seen: [], exposed: union(group.exposed, group.seen) }));
}

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}
