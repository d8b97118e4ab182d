import type { Endpoint, Headers } from '@leakproof/core';

/** Why a request is sent. `collection`: the list that an object of the input is in, by its path. */
export type RequestOrigin = 'captured' | 'declared' | 'collection' | 'link' | 'page' | 'value';

/** A read-only request that every caller sends. May contain ids: keep it in memory. */
export interface ExploreRequest {
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly target: string;
  /** Without credentials. */
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly why: RequestOrigin;
  /** Its operation as far as it is known, such as `GET /users/{id}`: budgets are counted by it. */
  readonly operation: string;
}

/** Equal for equal requests. */
export const keyOfRequest = ({ endpoint, method, target, body }: ExploreRequest): string =>
  `${method} ${originOfEndpoint(endpoint)}${target}\n${body ?? ''}`;

export const originOfEndpoint = ({ scheme, authority }: Endpoint): string => `${scheme}://${authority}`;

/** The endpoint of an origin such as `https://api.example.org:8443`, with no path. */
export function endpointOf(origin: string): Endpoint {
  const { protocol, host } = new URL(origin);
  return { scheme: protocol === 'https:' ? 'https' : 'http', authority: host.toLowerCase(), path: '' };
}
