import type { ExchangeRead } from './read-exchange.ts';

/** How deep below the root of a response a path segment is looked for: the object itself, or one wrapper around it. */
const WRAPPERS = 2;

/**
 * Indices of the path segments that come back as a value of the one object a response holds: `/users/olga` answers
 * `{"username":"olga"}`, `/users/me` does not answer `me`. Lists do not count: any filter comes back in a list.
 */
export function echoedSegments(read: ExchangeRead): readonly number[] {
  if (read.status < 200 || read.status > 299 || read.response.kind !== 'json') return [];
  const values = new Set<string>();
  collect(read.response.value, 0, values);
  return read.segments.flatMap(({ text }, index) => (values.has(text.toLowerCase()) ? [index] : []));
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
