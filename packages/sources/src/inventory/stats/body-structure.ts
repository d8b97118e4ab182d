import { escapeStep, isIdKey } from './visit-leaves.ts';

/** Bodies with fewer names are too small to distinguish operations by. */
const MIN_INFORMATIVE_NAMES = 3;

/** Lists inside lists are not followed beyond pointers of this length, in characters. */
const MAX_POINTER = 200;

/** The structure of a body without its values: names down to three levels, from the first three elements of each list. */
export interface BodyStructure {
  readonly key: string;
  /** False for empty, scalar and small bodies, and for small ones with an empty list. */
  readonly informative: boolean;
}

export function bodyStructureOf(body: unknown): BodyStructure {
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
  const informative = names.size >= MIN_INFORMATIVE_NAMES && !(emptyList && names.size < 2 * MIN_INFORMATIVE_NAMES);
  return { key: [...names].sort().join(' '), informative };
}
