import type { Headers } from '@leakproof/core';

/** What of an origin's head may leave (guard pitfall H7): an allow-list, because the names of leaks are not known. */
const RELEASED = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'content-language',
  'deprecation',
  'retry-after',
  'set-cookie',
  'sunset',
]);

/** What every answer of the guard says of itself. Nothing between guard and client may keep it or guess its type. */
export function ownHeaders(identityHeaders: readonly string[]): Headers {
  return [
    ['cache-control', 'private, no-store'],
    ['vary', ['Authorization', 'Cookie', ...identityHeaders].join(', ')],
    ['x-content-type-options', 'nosniff'],
  ];
}

/** The origin's headers that may leave, in their order. Validators, lengths, digests and totals are not among them. */
export function releasedHeaders(headers: Headers): Headers {
  return headers.filter(([name, value]) => RELEASED.has(name) && isClean(value));
}

/** Visible ASCII, space and tab: nothing that could begin another header (guard pitfall H8). */
export function isClean(value: string): boolean {
  return /^[\t\u0020-\u007e]*$/.test(value);
}
