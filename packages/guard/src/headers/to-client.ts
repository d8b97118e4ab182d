import type { Headers } from '@leakproof/core';
import { cookieToClient } from './set-cookie.ts';

/** Headers of every response: no cache may store it, and no client may guess its type (pitfall S4). */
export function guardHeaders(identityHeaders: readonly string[]): Headers {
  return [
    ['cache-control', 'private, no-store'],
    ['vary', ['Authorization', 'Cookie', ...identityHeaders].join(', ')],
    ['x-content-type-options', 'nosniff'],
  ];
}

interface ReleaseOf {
  /** The `Origin` of the request. */
  readonly origin: string | undefined;
  /** Names of the response headers that the operation declares. */
  readonly declared?: ReadonlySet<string> | undefined;
}

/** What is released of a header's value; undefined: nothing. */
type Grammar = (value: string, of: ReleaseOf) => string | undefined;

const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT$/;
/** A language with script and region (RFC 5646 §2.1); variants, extensions and private subtags are free text. */
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?$/i;
const MAX_LANGUAGES = 4;

/**
 * Headers of the origin that are released, each held to its grammar: free text beside the body would be judged by nobody (pitfall
 * H7, docs/pitfalls.md). A list of what to remove would never be complete. Validators, lengths, digests and totals describe the
 * origin's body (pitfalls E3, S2).
 */
const RELEASED_HEADERS: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ['access-control-allow-credentials', (value) => only(value, value === 'true')],
  ['access-control-allow-origin', (value, { origin }) => only(value, value === '*' || value === origin)],
  ['access-control-expose-headers', exposedHeaders],
  ['content-language', languages],
  ['deprecation', (value) => only(value, value === 'true' || /^@[0-9]{1,12}$/.test(value) || HTTP_DATE.test(value))],
  ['retry-after', (value) => only(value, /^[0-9]{1,9}$/.test(value) || HTTP_DATE.test(value))],
  ['set-cookie', (value) => cookieToClient(value, HTTP_DATE)],
  ['sunset', (value) => only(value, HTTP_DATE.test(value))],
]);

/** The headers of the origin that the client gets. */
export function headersToClient(headers: Headers, of: ReleaseOf): Headers {
  const released: Headers[number][] = [];
  for (const [name, value] of headers) {
    const text = RELEASED_HEADERS.get(name)?.(value.trim(), of);
    if (text !== undefined) released.push([name, text]);
  }
  return released;
}

function only(value: string, holds: boolean): string | undefined {
  return holds ? value : undefined;
}

/** Only headers that a response can have: other names would be free text. */
function exposedHeaders(value: string, { declared }: ReleaseOf): string | undefined {
  const names = value.split(',').map((each) => each.trim().toLowerCase());
  const known = names.filter(
    (name) => name === '*' || name === 'location' || RELEASED_HEADERS.has(name) || declared?.has(name) === true,
  );
  return known.length === 0 ? undefined : [...new Set(known)].join(', ');
}

function languages(value: string): string | undefined {
  const tags = value.split(',').map((each) => each.trim());
  return only(tags.join(', '), tags.length <= MAX_LANGUAGES && tags.every((tag) => LANGUAGE.test(tag)));
}
