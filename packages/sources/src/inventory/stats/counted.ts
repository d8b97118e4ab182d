import type { Provenance } from '@leakproof/core';

/** How often something was seen, and where first in the order of names (not of arrival, which may differ between runs). */
export interface Counted {
  readonly seen: number;
  readonly first: Provenance;
}

/** A tally that grows; two of them add up to the same whatever the order. */
export interface Tally {
  seen: number;
  first: Provenance;
}

/** Nothing seen yet, first looked for at `where`. */
export function newTally(where: Provenance): Tally {
  return { seen: 0, first: where };
}

export function addTally(into: Tally, times: number, where: Provenance): void {
  into.seen += times;
  if (compareProvenance(where, into.first) < 0) into.first = where;
}

/** Adds `times` sightings of `key` at `where`. */
export function tally(into: Map<string, Tally>, key: string, where: Provenance, times = 1): void {
  const before = into.get(key);
  if (before) addTally(before, times, where);
  else into.set(key, { seen: times, first: where });
}

/** Adds all of `from` to `into`. */
export function addTallies(into: Map<string, Tally>, from: ReadonlyMap<string, Tally>): void {
  for (const [key, { seen, first }] of from) tally(into, key, first, seen);
}

/** Only the counts, sorted by name. */
export function showCounts(from: ReadonlyMap<string, Tally>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...from].map(([key, { seen }]) => [key, seen] as const).sort(([a], [b]) => compareText(a, b)),
  );
}

/** By code unit, the same on every machine. */
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
