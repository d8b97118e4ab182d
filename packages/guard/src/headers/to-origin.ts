import type { Headers } from '@leakproof/core';
import { connectionOptions, HOP_BY_HOP, type IncomingRequest } from '@leakproof/http';

/**
 * Headers that could make the origin read another request or send less than a whole, plain body (pitfalls T5, S1, S2, E1,
 * docs/pitfalls.md), and those that name the client.
 */
const DROPPED_HEADERS = new Set([
  'host',
  'expect',
  'content-length',
  'content-encoding',
  'accept-encoding',
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'want-digest',
  'want-repr-digest',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  'x-middleware-subrequest',
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'client-ip',
]);
/** Names that some servers read as others, and names that only a proxy may send (pitfalls H3, H5, H6). */
const DROPPED_NAMES = /_|^(?:x-forwarded-|x-guard-|x-leakproof-|proxy-)/;

export interface OriginHeaderOptions {
  readonly to: { readonly authority: string };
  /**
   * False where relations are read from the origin's responses: with a cookie the origin could identify another caller than the
   * guard does.
   */
  readonly cookies: boolean;
}

/**
 * The client's headers for the origin, in their order: without hop-by-hop headers, those that override method or URL, and
 * names with an underscore (some servers read it as a dash); compression is not asked for.
 */
export function headersToOrigin(request: IncomingRequest, { to, cookies }: OriginHeaderOptions): Headers {
  const nominated = connectionOptions(request.headers);
  const headers: Headers[number][] = [['host', to.authority]];
  for (const header of request.headers) {
    const [name] = header;
    if (HOP_BY_HOP.has(name) || DROPPED_HEADERS.has(name) || DROPPED_NAMES.test(name) || nominated.has(name)) continue;
    if (cookies || name !== 'cookie') headers.push(header);
  }
  headers.push(['accept-encoding', 'identity'], ['x-forwarded-for', request.peer], ['x-forwarded-host', to.authority]);
  return headers;
}

/** All of the client's headers except hop-by-hop headers; `host` is the authority of the contract. */
export function passThroughHeaders(request: IncomingRequest): Headers {
  const nominated = connectionOptions(request.headers);
  return request.headers
    .filter(([name]) => !HOP_BY_HOP.has(name) && !nominated.has(name) && name !== 'expect')
    .map(([name, value]) => (name === 'host' ? ([name, request.authority] as const) : ([name, value] as const)));
}
