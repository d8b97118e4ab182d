import type { Headers } from '@leakproof/core';
import { connectionOptions, HOP_BY_HOP, type IncomingRequest } from '@leakproof/http';
import { CONDITIONS, OF_THE_FORM } from './request-headers.ts';

export interface OriginHeaderOptions {
  readonly to: { readonly authority: string };
  /** Names of the headers that are sent (`RequestHeaders.sent`). */
  readonly sent: ReadonlySet<string>;
  /** The body is sent in another form than it was received: digests of it would be wrong. */
  readonly isBodyChanged?: boolean;
}

const DIGESTS = new Set(['content-digest', 'content-md5']);

/** The client's headers for the origin, in their order; the guard says itself where the request comes from. */
export function headersToOrigin(
  request: IncomingRequest,
  { to, sent, isBodyChanged = false }: OriginHeaderOptions,
): Headers {
  const headers: Headers[number][] = [['host', to.authority]];
  for (const header of request.headers)
    if (sent.has(header[0]) && !(isBodyChanged && DIGESTS.has(header[0]))) headers.push(header);
  headers.push(['accept-encoding', 'identity'], ['x-forwarded-for', request.peer], ['x-forwarded-host', to.authority]);
  return headers;
}

/** By these a client could choose another form of the response, or whether there is one. */
const CHOOSES_THE_FORM = new Set([...OF_THE_FORM, ...CONDITIONS]);

/**
 * The headers of a pre-read: those of the request that it is for, because any of them may choose the object, but for the form of
 * the response. The client negotiates nothing there.
 */
export function headersOfPreRead(request: IncomingRequest, options: OriginHeaderOptions): Headers {
  const kept = headersToOrigin(request, options).filter(
    ([name]) => !CHOOSES_THE_FORM.has(name) && name !== 'accept-encoding',
  );
  return [...kept, ['accept', 'application/json'], ['accept-encoding', 'identity']];
}

/** All of the client's headers except hop-by-hop headers; `host` is the authority of the endpoint. */
export function passThroughHeaders(request: IncomingRequest, { authority }: { readonly authority: string }): Headers {
  const nominated = connectionOptions(request.headers);
  return [
    ['host', authority],
    ...request.headers.filter(
      ([name]) => name !== 'host' && name !== 'expect' && !HOP_BY_HOP.has(name) && !nominated.has(name),
    ),
  ];
}
