import type { Selected } from './graphql-calls.ts';
import type { Leaf } from '../stats/visit-leaves.ts';

const MAX_LEAVES = 200_000;
const MAX_ELEMENTS = 1000;
const MAX_DEPTH = 60;

/**
 * Visits the result of a root field. Pointers consist of field names, so that a field has one pointer whatever aliases and fragments
 * a client uses; `*` is any element of a list. Returns the number of values beyond the limits.
 */
export function visitSelected(value: unknown, selected: Selected, visit: (leaf: Leaf) => void): number {
  let left = MAX_LEAVES;
  let passedOver = 0;
  const walk = (current: unknown, pointer: string, at: Position): void => {
    if (left-- <= 0 || at.depth > MAX_DEPTH) {
      passedOver++;
      return;
    }
    const isContainer = current !== null && typeof current === 'object';
    visit({ pointer, value: current, many: at.many, isContainer });
    if (!isContainer) return;
    if (Array.isArray(current)) {
      passedOver += Math.max(0, current.length - MAX_ELEMENTS);
      for (const element of current.slice(0, MAX_ELEMENTS)) {
        walk(element, `${pointer}/*`, { selected: at.selected, depth: at.depth + 1, many: true });
      }
      return;
    }
    for (const [key, below] of Object.entries(current)) {
      const known = at.selected.below.get(key);
      walk(below, `${pointer}/${known?.field ?? key}`, {
        selected: known ?? { field: key, arguments: [], below: new Map() },
        depth: at.depth + 1,
        many: at.many,
      });
    }
  };
  walk(value, '', { selected, depth: 0, many: false });
  return passedOver;
}

interface Position {
  readonly selected: Selected;
  readonly depth: number;
  readonly many: boolean;
}

/** Pointers of all selected fields, without `*`, since lists are not known from a selection. */
export function* selectedPointers(selected: Selected, pointer = ''): Generator<string> {
  for (const below of selected.below.values()) {
    const here = `${pointer}/${below.field}`;
    yield here;
    yield* selectedPointers(below, here);
  }
}

/** An argument value. `name`: `id`, `input/classId` or, for a field below the root, `followers.first`. */
export interface ArgumentLeaf {
  readonly name: string;
  readonly value: unknown;
  readonly variable?: string | undefined;
}

/** The scalar values in all arguments of a root field and of the fields below it. */
export function* argumentLeaves(selected: Selected, prefix = ''): Generator<ArgumentLeaf> {
  for (const { name, value, variable } of selected.arguments)
    yield* leavesOf({ name: `${prefix}${name}`, value, variable });
  for (const below of selected.below.values()) yield* argumentLeaves(below, `${prefix}${below.field}.`);
}

function* leavesOf(argument: ArgumentLeaf, depth = 0): Generator<ArgumentLeaf> {
  const { name, value, variable } = argument;
  if (value === null || typeof value !== 'object') yield argument;
  else if (depth > MAX_DEPTH) return;
  else if (Array.isArray(value)) {
    for (const element of value.slice(0, MAX_ELEMENTS))
      yield* leavesOf({ name: `${name}/*`, value: element, variable }, depth + 1);
  } else {
    for (const [key, below] of Object.entries(value))
      yield* leavesOf({ name: `${name}/${key}`, value: below, variable }, depth + 1);
  }
}
