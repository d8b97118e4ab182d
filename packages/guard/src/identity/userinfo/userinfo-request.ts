import type { CredentialPlace, Endpoint, UserinfoIdentity } from '@leakproof/core';
import { headerValues, type IncomingRequest, type OutboundRequest } from '@leakproof/http';
import { cookieValue, withCookies } from '../../headers/allowed-cookies.ts';

/** The credentials at one place of a request. Repeated ones are all returned. */
export function credentialsAt({ headers }: IncomingRequest, place: CredentialPlace): readonly string[] {
  if (place.in === 'header') return headerValues(headers, place.name);
  const value = cookieValue(headers, place.name);
  return value === undefined || value === '' ? [] : [value];
}

/**
 * Asks the origin as the caller: with its credential, its user agent and address, and the cookies that the origin gets anyway.
 * Nothing else of the request is sent.
 */
export function userinfoRequest(
  request: IncomingRequest,
  {
    by,
    place,
    endpoint,
    cookies,
  }: {
    readonly by: UserinfoIdentity;
    readonly place: CredentialPlace;
    readonly endpoint: Endpoint;
    readonly cookies: ReadonlySet<string>;
  },
): OutboundRequest {
  const { scheme, authority, path } = endpoint;
  const sent = new Set(['user-agent', 'cookie', ...(place.in === 'header' ? [place.name] : [])]);
  return {
    scheme,
    authority,
    method: 'GET',
    target: `${path}${by.target}`,
    headers: [
      ['host', authority],
      ...withCookies(request.headers, cookies).filter(([name]) => sent.has(name)),
      ['accept', 'application/json'],
      ['accept-encoding', 'identity'],
      // An answer from a cache could be about another caller.
      ['cache-control', 'no-cache'],
      ['x-forwarded-for', request.peer],
      ['x-forwarded-host', authority],
    ],
    body: undefined,
  };
}
