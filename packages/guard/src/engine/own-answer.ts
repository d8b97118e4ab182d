import { STATUS_CODES } from 'node:http';
import type { Headers } from '@leakproof/core';
import type { FullResponse } from '@leakproof/http';

export interface AnswerStyle {
  readonly graphql: boolean;
  /** What every answer of this guard says of itself. */
  readonly ownHeaders: Headers;
  readonly retryAfterSeconds?: number;
}

/**
 * The guard's own answer for a status: problem details (RFC 9457) or a GraphQL error. It says nothing besides the status, so
 * that what is absent, foreign and refused by the origin look alike.
 */
export function ownAnswer(status: number, style: AnswerStyle): FullResponse {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = style.graphql
    ? { errors: [{ message: title, extensions: { code: title.toUpperCase().replaceAll(/[^A-Z]+/g, '_'), status } }] }
    : { type: 'about:blank', title, status };
  const headers: Headers = [
    ['content-type', style.graphql ? 'application/json' : 'application/problem+json'],
    ...(status === 401 ? ([['www-authenticate', 'Bearer']] as const) : []),
    ...(style.retryAfterSeconds === undefined ? [] : ([['retry-after', String(style.retryAfterSeconds)]] as const)),
    ...style.ownHeaders,
  ];
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}
