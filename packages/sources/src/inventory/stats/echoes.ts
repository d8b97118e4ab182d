import type { ExchangeRead } from '../read-exchange.ts';

/** Which segments of a request's path are in its response. */
export interface Echoes {
  /**
   * Indices of segments that are a value of the object returned: `/users/olga` returns `{"username":"olga"}`, `/users/me` does
   * not return `me`.
   */
  readonly echoed: readonly number[];
  /** Indices of segments contained in a value of every element of the list returned: `/search/ol` lists `olga` and `oleg`. */
  readonly filtered: readonly number[];
}

/** Depth to which values are compared: the object itself, or one wrapper around it. */
const WRAPPERS = 2;

/** Empty unless the response is 2xx and JSON. O(size of the object, or of the first elements of the list). */
export function echoesOf(read: ExchangeRead): Echoes {
  if (read.status < 200 || read.status > 299 || read.response.kind !== 'json') return { echoed: [], filtered: [] };
  const values = new Set<string>();
  collect(read.response.value, 0, values);
  const elements = elementsOf(read.response.value, 0).slice(0, MAX_ELEMENTS).map(textsOf);
  const indices = (matches: (text: string) => boolean): number[] =>
    read.segments.flatMap(({ text }, index) => (matches(text.toLowerCase()) ? [index] : []));
  return {
    echoed: indices((text) => values.has(text)),
    filtered:
      elements.length === 0
        ? []
        : indices((text) => text.length > 1 && elements.every((texts) => texts.some((one) => one.includes(text)))),
  };
}

const MAX_ELEMENTS = 10;

/** The list that is the response, or is in one wrapper. */
function elementsOf(value: unknown, depth: number): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === null || typeof value !== 'object' || depth > 1) return [];
  for (const below of Object.values(value)) if (Array.isArray(below) && below.length > 0) return below;
  return [];
}

/** Strings of an element and of the objects directly in it, without URLs, which contain names of types. */
function textsOf(element: unknown): readonly string[] {
  const texts: string[] = [];
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value.length < 200 && !/^[a-z]*:?\//i.test(value)) texts.push(value.toLowerCase());
  };
  if (element === null || typeof element !== 'object') add(element);
  else {
    for (const value of Object.values(element)) {
      add(value);
      if (value !== null && typeof value === 'object') for (const below of Object.values(value)) add(below);
    }
  }
  return texts;
}

function collect(value: unknown, depth: number, into: Set<string>): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    if (text.length <= 200) into.add(text.toLowerCase());
    return;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || depth >= WRAPPERS) return;
  for (const below of Object.values(value)) collect(below, depth + 1, into);
}
