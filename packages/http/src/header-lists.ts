import type { Headers } from '@leakproof/core';
import { headerValues } from './message.ts';

/** Headers of one connection only (RFC 9110 §7.6.1, and what is still sent besides). */
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

/** Names in a `Connection` header: headers that are of this connection only (RFC 9110 §7.6.1). */
export function connectionOptions(headers: Headers): ReadonlySet<string> {
  const values = headerValues(headers, 'connection');
  return values.length === 0 ? NONE : new Set(values.flatMap((value) => value.toLowerCase().split(/[\s,]+/)));
}
