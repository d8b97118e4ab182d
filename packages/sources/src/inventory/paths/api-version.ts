import type { WireRequest } from '@leakproof/core';
import { isVersionSegment } from './segment-shape.ts';

/** An API version in a request. */
export interface ApiVersion {
  readonly in: 'path' | 'query' | 'header' | 'accept';
  /** The segment's text, or `name=value`; only values shaped like a version. */
  readonly value: string;
}

const VERSION = /^v?\d{1,4}(?:[.-]\d{1,4}){0,3}(?:-(?:alpha|beta|rc|preview)\d{0,3})?$/i;
const VERSION_NAME = /^(?:x-)?(?:[a-z]+-)?(?:api-?)?version$|^v$|^ver$/i;

/** Every API version in a request: `/v1/`, `?api-version=`, `x-api-version:`, `accept: application/vnd.x.v2+json`. */
export function versionsOf(
  request: WireRequest,
  segments: readonly string[],
  query: readonly (readonly [string, string])[],
): readonly ApiVersion[] {
  const found: ApiVersion[] = [];
  for (const [index, text] of segments.entries())
    if (isVersionSegment(text, index)) found.push({ in: 'path', value: text });
  for (const [name, value] of query)
    if (VERSION_NAME.test(name) && VERSION.test(value)) found.push({ in: 'query', value: `${name}=${value}` });
  for (const [name, value] of request.headers) {
    if (VERSION_NAME.test(name) && VERSION.test(value)) found.push({ in: 'header', value: `${name}: ${value}` });
    if (name !== 'accept') continue;
    const named = /\bvnd\.[\w.+-]*?\.(v\d{1,3})\b|;\s*version=(v?\d[\w.]{0,8})/i.exec(value);
    const version = named?.[1] ?? named?.[2];
    if (version) found.push({ in: 'accept', value: version });
  }
  return found;
}
