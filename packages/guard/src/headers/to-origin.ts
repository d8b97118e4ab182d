import type { Headers } from '@leakproof/core';
import { connectionOptions, HOP_BY_HOP, type IncomingRequest } from '@leakproof/http';

/** Headers that make an origin read another request, or answer with less than a whole body (guard pitfalls T5, S1, S2, E1). */
const NOT_SENT_ON = new Set([
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
/** Who it comes from, said by somebody who need not know; and names that some servers read as others (guard pitfall H3). */
const NOT_SENT_ON_NAMES = /_|^(?:x-forwarded-|x-guard-|x-leakproof-|proxy-)/;

export interface ToOrigin {
  readonly to: { readonly authority: string };
  /**
   * False where the origin's words about its caller are believed: a cookie could make it speak of somebody else than the
   * guard knows.
   */
  readonly cookies: boolean;
}

/**
 * The client's headers as the origin gets them: nothing of the connection, nothing that says which request this "really" is,
 * no name with an underscore (some servers read it as a dash, guard pitfall H3), no compression. What stays keeps its order.
 */
export function headersToOrigin(request: IncomingRequest, { to, cookies }: ToOrigin): Headers {
  const nominated = connectionOptions(request.headers);
  const headers: Headers[number][] = [['host', to.authority]];
  for (const header of request.headers) {
    const [name] = header;
    if (HOP_BY_HOP.has(name) || NOT_SENT_ON.has(name) || NOT_SENT_ON_NAMES.test(name) || nominated.has(name)) continue;
    if (cookies || name !== 'cookie') headers.push(header);
  }
  headers.push(['accept-encoding', 'identity'], ['x-forwarded-for', request.peer], ['x-forwarded-host', to.authority]);
  return headers;
}

/** All of the client's headers but those of its connection; the host as the origin knows it. */
export function headersAsSent(request: IncomingRequest): Headers {
  const nominated = connectionOptions(request.headers);
  return request.headers
    .filter(([name]) => !HOP_BY_HOP.has(name) && !nominated.has(name) && name !== 'expect')
    .map(([name, value]) => (name === 'host' ? ([name, request.authority] as const) : ([name, value] as const)));
}
