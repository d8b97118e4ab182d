import type { Headers } from '@leakproof/core';
import type { FullResponse } from '@leakproof/http';
import { reasonPhrase } from './reason-phrase.ts';

export interface ErrorResponseOptions {
  readonly graphql: boolean;
  /** Headers of every response of this guard. */
  readonly guardHeaders: Headers;
  readonly retryAfterSeconds?: number;
}

const encoder = new TextEncoder();

/**
 * The guard's own response for an error status: problem details (RFC 9457) or a GraphQL error. It contains nothing but the
 * status, so that an absent object, another owner's object and an error of the origin cannot be told apart.
 */
export function errorResponse(
  status: number,
  { graphql, guardHeaders, retryAfterSeconds }: ErrorResponseOptions,
): FullResponse {
  const title = reasonPhrase(status);
  const body = graphql
    ? { errors: [{ message: title, extensions: { code: title.toUpperCase().replaceAll(/[^A-Z]+/g, '_'), status } }] }
    : { type: 'about:blank', title, status };
  const headers: Headers = [
    ['content-type', graphql ? 'application/json' : 'application/problem+json'],
    ...(status === 401 ? ([['www-authenticate', 'Bearer']] as const) : []),
    ...(retryAfterSeconds === undefined ? [] : ([['retry-after', String(retryAfterSeconds)]] as const)),
    ...guardHeaders,
  ];
  return { status, headers, body: encoder.encode(JSON.stringify(body)) };
}
