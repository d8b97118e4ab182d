import type { Provenance } from '@leakproof/core';

/** How often something was seen, and the first source of it in the order of names (not of time, which may differ between runs). */
export interface Counted {
  readonly seen: number;
  readonly first: Provenance;
}

/** A growing count. Adding two of them is commutative. */
export interface Tally {
  seen: number;
  first: Provenance;
}

/** A count of zero. */
export function newTally(where: Provenance): Tally {
  return { seen: 0, first: where };
}

export function addTally(into: Tally, times: number, where: Provenance): void {
  into.seen += times;
  if (compareProvenance(where, into.first) < 0) into.first = where;
}

/** Counts `key`, seen once at `where`. */
export function tally(into: Map<string, Tally>, key: string, where: Provenance): void {
  const before = into.get(key);
  if (before) addTally(before, 1, where);
  else into.set(key, { seen: 1, first: where });
}

/** Adds `from` to `into`. */
export function addTallies(into: Map<string, Tally>, from: ReadonlyMap<string, Tally>): void {
  for (const [key, { seen, first }] of from) {
    const before = into.get(key);
    if (before) addTally(before, seen, first);
    else into.set(key, { seen, first });
  }
}

/** The counts by key, sorted. */
export function showCounts(from: ReadonlyMap<string, Tally>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...from].map(([key, { seen }]) => [key, seen] as const).sort(([a], [b]) => compareText(a, b)),
  );
}

/** Compares by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareProvenance(a: Provenance, b: Provenance): number {
  return (
    compareText(a.reader, b.reader) ||
    compareText(a.file ?? '', b.file ?? '') ||
    (a.at ?? '').length - (b.at ?? '').length ||
    compareText(a.at ?? '', b.at ?? '')
  );
}
