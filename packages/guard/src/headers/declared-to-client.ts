import type { Headers } from '@leakproof/core';

const COUNT = /^[0-9]{1,15}$/;
/** RFC 9110 §14.4, with any unit. */
const CONTENT_RANGE = /^[a-z]{1,20} (?:[0-9]{1,15}-[0-9]{1,15}|\*)\/(?:[0-9]{1,15}|\*)$/;
const MAX_LENGTH = 4_096;
/** One link of RFC 8288, from the end of the last one on. */
const LINK = /\s*<([^<>"\s]*)>((?:\s*;\s*[A-Za-z*-]+\s*=\s*(?:"[^"\\]*"|[A-Za-z0-9.-]+))*)\s*(?:,|$)/y;
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([A-Za-z0-9.-]+))/i;
const PAGES = new Set(['first', 'prev', 'previous', 'next', 'last', 'self']);

/**
 * The response headers that an operation declares, as far as their values can hold nothing but numbers, or links to pages. Of
 * other values nothing is released: text in a header is judged by nobody. `locate` returns a link's target if it may be released.
 */
export function declaredToClient(
  headers: Headers,
  names: ReadonlySet<string>,
  locate: (target: string) => string | undefined,
): Headers {
  return headers.flatMap(([name, value]): Headers[number][] => {
    if (!names.has(name)) return [];
    const text = name === 'link' ? links(value, locate) : numbers(value.trim());
    return text === undefined ? [] : [[name, text]];
  });
}

function numbers(value: string): string | undefined {
  return COUNT.test(value) || CONTENT_RANGE.test(value) ? value : undefined;
}

/** The links between pages; undefined if there are none, or the value is no list of links. */
function links(value: string, locate: (target: string) => string | undefined): string | undefined {
  if (value.length > MAX_LENGTH) return undefined;
  const found: string[] = [];
  LINK.lastIndex = 0;
  for (let at = 0; at < value.length; at = LINK.lastIndex) {
    const [, target = '', parameters = ''] = LINK.exec(value) ?? [];
    if (LINK.lastIndex === 0) return undefined;
    const [, quoted, plain] = REL.exec(parameters) ?? [];
    const rels = (quoted ?? plain ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((rel) => PAGES.has(rel));
    const located = rels.length > 0 ? locate(target) : undefined;
    if (located !== undefined) found.push(`<${located}>; rel="${rels.join(' ')}"`);
  }
  return found.length === 0 ? undefined : found.join(', ');
}
