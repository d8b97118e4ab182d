import { escapeStep, isIdKey } from './visit-leaves.ts';

/** Below this many properties a body says too little to tell operations apart or to hold them together. */
const TELLING_PROPERTIES = 3;

/** Lists inside lists are not followed beyond pointers of this length. */
const MAX_POINTER = 200;

/** The structure of a body without its values: names down to three levels, the first element of each list. */
export interface Skeleton {
  readonly key: string;
  /** False for empty, scalar and tiny bodies, and where a list that would tell more is empty. */
  readonly telling: boolean;
}

export function skeletonOf(body: unknown): Skeleton {
  const names = new Set<string>();
  let emptyList = false;
  const walk = (value: unknown, pointer: string, depth: number): void => {
    if (Array.isArray(value)) {
      names.add(`${pointer}[]`);
      if (value.length === 0) emptyList = true;
      if (pointer.length > MAX_POINTER) return;
      for (const element of value.slice(0, 3)) walk(element, `${pointer}/*`, depth);
      return;
    }
    if (value === null || typeof value !== 'object') return;
    if (depth === 3) return;
    for (const key of Object.keys(value).slice(0, 200)) {
      const below = `${pointer}/${isIdKey(key) ? '*' : escapeStep(key)}`;
      names.add(below);
      walk((value as Record<string, unknown>)[key], below, depth + 1);
    }
  };
  walk(body, '', 0);
  const telling = names.size >= TELLING_PROPERTIES && !(emptyList && names.size < 2 * TELLING_PROPERTIES);
  return { key: [...names].sort().join(' '), telling };
}
