import { compareText } from './observed-call.ts';
import { type Form, formOf, type Place } from './value-tree.ts';

// One value in several answers: places that are the same member of one resource, seen together.

export type View = readonly Place[];

export function formOfAll(view: View): Form {
  const forms = new Set(view.map(formOf).filter((form) => form !== 'empty'));
  const [only, ...others] = forms;
  return others.length > 0 ? 'mixed' : (only ?? 'empty');
}

/** Members by name, in the order of the alphabet. */
export function membersOf(view: View): [name: string, View][] {
  const found = new Map<string, Place[]>();
  for (const place of view)
    for (const [name, below] of place.members) found.set(name, [...(found.get(name) ?? []), below]);
  return [...found].sort(([a], [b]) => compareText(a, b));
}

export const elementsOf = (view: View): View => view.flatMap(({ element }) => element ?? []);
export const mappedOf = (view: View): View => view.flatMap(({ mapped }) => mapped ?? []);
export const shapesOf = (view: View): ReadonlySet<string> => new Set(view.flatMap(({ shapes }) => [...shapes]));
export const callersOf = (view: View): ReadonlySet<string> => new Set(view.flatMap(({ callers }) => [...callers]));
