import type { Selected } from './graphql-calls.ts';
import type { Leaf } from '../stats/visit-leaves.ts';

const MAX_LEAVES = 200_000;
const MAX_ELEMENTS = 1000;
const MAX_DEPTH = 60;

/**
 * Visits what a root field answered, with pointers made of field names: whatever alias or fragment a client used, one field has
 * one pointer. `*` stands for every element. Answers how many values were passed over.
 */
export function visitSelected(value: unknown, selected: Selected, visit: (leaf: Leaf) => void): number {
  let left = MAX_LEAVES;
  let passedOver = 0;
  const walk = (current: unknown, from: Selected, pointer: string, at: { depth: number; many: boolean }): void => {
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
        walk(element, from, `${pointer}/*`, { depth: at.depth + 1, many: true });
      }
      return;
    }
    for (const [key, below] of Object.entries(current)) {
      const known = from.below.get(key);
      walk(below, known ?? { field: key, arguments: [], below: new Map() }, `${pointer}/${known?.field ?? key}`, {
        depth: at.depth + 1,
        many: at.many,
      });
    }
  };
  walk(value, selected, '', { depth: 0, many: false });
  return passedOver;
}

/** Pointers of all fields a selection asks for; lists are not known here, so no `*`. */
export function* askedPointers(selected: Selected, pointer = ''): Generator<string> {
  for (const below of selected.below.values()) {
    const here = `${pointer}/${below.field}`;
    yield here;
    yield* askedPointers(below, here);
  }
}

/** An argument value of a selection: `name` is `id`, `input/classId` or, of a field below the root, `followers.first`. */
export interface ArgumentLeaf {
  readonly name: string;
  readonly value: unknown;
  readonly variable?: string | undefined;
}

/** Every argument of a root field and of the fields below it, taken apart to its leaves. */
export function* argumentLeaves(selected: Selected, prefix = ''): Generator<ArgumentLeaf> {
  for (const { name, value, variable } of selected.arguments) yield* leavesOf(`${prefix}${name}`, value, variable);
  for (const below of selected.below.values()) yield* argumentLeaves(below, `${prefix}${below.field}.`);
}

function* leavesOf(name: string, value: unknown, variable: string | undefined, depth = 0): Generator<ArgumentLeaf> {
  if (value === null || typeof value !== 'object') yield { name, value, variable };
  else if (depth > MAX_DEPTH) return;
  else if (Array.isArray(value)) {
    for (const element of value.slice(0, MAX_ELEMENTS)) yield* leavesOf(`${name}/*`, element, variable, depth + 1);
  } else {
    for (const [key, below] of Object.entries(value)) yield* leavesOf(`${name}/${key}`, below, variable, depth + 1);
  }
}
