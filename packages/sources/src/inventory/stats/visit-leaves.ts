import { shapeOfString, type StringShape } from './value-shape.ts';

/** Limits for one body. Values beyond them are only counted. */
export interface LeafLimits {
  readonly maxDepth: number;
  /** Elements of one array. */
  readonly maxElements: number;
  readonly maxLeaves: number;
}

const LEAF_LIMITS: LeafLimits = { maxDepth: 40, maxElements: 1000, maxLeaves: 200_000 };

/** A value in a body. In `pointer`, `*` is any element of a list or value of a map. */
export interface Leaf {
  readonly pointer: string;
  readonly value: unknown;
  /** True below an array or a map. */
  readonly many: boolean;
  readonly isContainer: boolean;
}

/**
 * Calls `visit` for the root and every value below it, in document order. A property name that looks like an id, or is one of very
 * many, is written `*`, so that pointers contain no personal value. Returns the number of values beyond the limits. O(visited).
 */
export function visitLeaves(root: unknown, visit: (leaf: Leaf) => void, limits: LeafLimits = LEAF_LIMITS): number {
  let left = limits.maxLeaves;
  let passedOver = 0;
  // oxlint-disable-next-line max-params -- called for every value of every body: an object for each would double the cost
  const walk = (value: unknown, pointer: string, depth: number, many: boolean): void => {
    if (left-- <= 0 || depth > limits.maxDepth) {
      passedOver++;
      return;
    }
    if (value === null || typeof value !== 'object') return visit({ pointer, value, many, isContainer: false });
    visit({ pointer, value, many, isContainer: true });
    if (Array.isArray(value)) {
      passedOver += Math.max(0, value.length - limits.maxElements);
      for (const element of value.slice(0, limits.maxElements)) walk(element, `${pointer}/*`, depth + 1, true);
      return;
    }
    const keys = Object.keys(value);
    const isMap = keys.length > MAP_KEYS;
    for (const key of keys) {
      const star = isMap || isIdKey(key);
      const step = star ? '*' : escapeStep(key);
      walk((value as Record<string, unknown>)[key], `${pointer}/${step}`, depth + 1, many || star);
    }
  };
  walk(root, '', 0, false);
  return passedOver;
}

/** Objects with more properties than this are maps. */
const MAP_KEYS = 400;

const NAME_SHAPES: ReadonlySet<StringShape> = new Set(['word', 'slug', 'version', 'text', 'empty', 'composite']);

/** True if a property or parameter name looks like an id or personal value, so that it must not be printed. */
export function isIdKey(key: string): boolean {
  if (/^[@$_]?[A-Za-z][A-Za-z_$:.-]{0,60}$/.test(key)) return false;
  return key.length > 80 || /\s/.test(key) || !NAME_SHAPES.has(shapeOfString(key));
}

/** One token of an RFC 6901 pointer; a property whose name is `*` is written `~2`. */
export function escapeStep(key: string): string {
  if (key === '*') return '~2';
  return /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}
