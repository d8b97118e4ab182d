import type { Provenance } from '@leakproof/core';
import { addTally, compareText, newTally, type Counted, type Tally } from './counted.ts';
import { visitLeaves } from './visit-leaves.ts';
import { shapeOfValue, type ValueShape } from './value-shape.ts';

/** A field of a body, or a parameter: its name and the shapes of its values, never a value. */
export interface FieldSeen extends Counted {
  readonly name: string;
  readonly shapes: Readonly<Record<string, number>>;
}

/** Fields by pointer. At most `MAX_FIELDS` names; all others are counted under `OTHER`. */
export type FieldStats = Map<string, FieldStat>;
interface FieldStat extends Tally {
  readonly shapes: Map<string, number>;
}

/** Distinct names of one body or kind of parameter. */
const MAX_FIELDS = 5000;
const OTHER = '(others)';

/** Counts one value called `name`. */
// oxlint-disable-next-line max-params -- called for every value of every body: an object for each would cost as much as the count
export function addField(into: FieldStats, name: string, shape: ValueShape, where: Provenance): void {
  const stat = fieldOf(into, into.has(name) || into.size < MAX_FIELDS ? name : OTHER, where);
  addTally(stat, 1, where);
  stat.shapes.set(shape, (stat.shapes.get(shape) ?? 0) + 1);
}

/** Counts every value of a body. Returns the number of values that were skipped. */
export function addBody(into: FieldStats, body: unknown, where: Provenance): number {
  return visitLeaves(body, ({ pointer, value }) => addField(into, pointer, shapeOfValue(value), where));
}

export function mergeFields(into: FieldStats, from: FieldStats): void {
  for (const [name, { seen, first, shapes }] of from) {
    const stat = fieldOf(into, name, first);
    addTally(stat, seen, first);
    for (const [shape, times] of shapes) stat.shapes.set(shape, (stat.shapes.get(shape) ?? 0) + times);
  }
}

export function showFields(from: FieldStats): readonly FieldSeen[] {
  return [...from]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { seen, first, shapes }]) => ({
      name,
      seen,
      first,
      shapes: Object.fromEntries([...shapes].sort(([a], [b]) => compareText(a, b))),
    }));
}

function fieldOf(into: FieldStats, name: string, where: Provenance): FieldStat {
  const known = into.get(name);
  if (known) return known;
  const stat = { ...newTally(where), shapes: new Map<string, number>() };
  into.set(name, stat);
  return stat;
}
