import type { Headers } from '@leakproof/core';

/** Headers of the origin that are released. A list of what to remove would never be complete (pitfall H7, docs/pitfalls.md). */
const RELEASED_HEADERS = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'content-language',
  'deprecation',
  'retry-after',
  'set-cookie',
  'sunset',
]);

/** Headers of every response: no cache may store it, and no client may guess its type (pitfall S4). */
export function guardHeaders(identityHeaders: readonly string[]): Headers {
  return [
    ['cache-control', 'private, no-store'],
    ['vary', ['Authorization', 'Cookie', ...identityHeaders].join(', ')],
    ['x-content-type-options', 'nosniff'],
  ];
}

/** Validators, lengths, digests and totals are not released: they describe the origin's body (pitfalls E3, S2). */
export function isReleasedHeader([name, value]: Headers[number]): boolean {
  return RELEASED_HEADERS.has(name) && isPrintable(value);
}

/** True for visible ASCII, space and tab: nothing that could begin another header (pitfall H8). */
export function isPrintable(value: string): boolean {
  return /^[\t\u0020-\u007e]*$/.test(value);
}
