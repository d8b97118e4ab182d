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

/** What every answer of a guard says of itself. Nothing between guard and client may keep it or guess its type. */
export function ownHeaders(identityHeaders: readonly string[]): Headers {
  return [
    ['cache-control', 'private, no-store'],
    ['vary', ['Authorization', 'Cookie', ...identityHeaders].join(', ')],
    ['x-content-type-options', 'nosniff'],
  ];
}

/** Whether one of the origin's headers may leave. Validators, lengths, digests and totals may not. */
export function mayLeave([name, value]: Headers[number]): boolean {
  return RELEASED.has(name) && isClean(value);
}

/** Visible ASCII, space and tab: nothing that could begin another header (guard pitfall H8). */
export function isClean(value: string): boolean {
  return /^[\t\u0020-\u007e]*$/.test(value);
}
