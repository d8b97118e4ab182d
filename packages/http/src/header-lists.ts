import type { Headers } from '@leakproof/core';
import { headerValues } from './message.ts';

/** Hop-by-hop headers: of one connection only (RFC 9110 §7.6.1, and those of older specifications). */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

const NONE: ReadonlySet<string> = new Set();

/** The names in `Connection` headers, which are hop-by-hop too (RFC 9110 §7.6.1). */
export function connectionOptions(headers: Headers): ReadonlySet<string> {
  const values = headerValues(headers, 'connection');
  return values.length === 0 ? NONE : new Set(values.flatMap((value) => value.toLowerCase().split(/[\s,]+/)));
}
