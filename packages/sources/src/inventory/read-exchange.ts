import type { Exchange } from '@leakproof/core';
import { readBody, type ReadBody } from './read-body.ts';
import { readSegment, splitPath, type Segment } from './paths/segment-shape.ts';

/** One exchange taken apart, so that each body is parsed once for all who look at it. Holds values: keep it in memory only. */
export interface ExchangeRead {
  readonly exchange: Exchange;
  readonly segments: readonly Segment[];
  /** Decoded, in order. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly request: ReadBody;
  readonly response: ReadBody;
  /** 0 if no response was kept. */
  readonly status: number;
}

/** Takes an exchange apart. Never throws. */
export function readExchange(exchange: Exchange): ExchangeRead {
  const { request, response } = exchange;
  return {
    exchange,
    segments: splitPath(request.target).map(readSegment),
    query: [...new URLSearchParams(queryOf(request.target))],
    request: readBody(request.headers, request.body),
    response: response ? readBody(response.headers, response.body) : { kind: 'not-kept' },
    status: response?.status ?? 0,
  };
}

/** The origin a request went to: `https://api.example.org`; an unknown authority leaves `http://?`. */
export function originOf(exchange: Exchange): string {
  return `${exchange.request.scheme}://${exchange.request.authority || '?'}`;
}

function queryOf(target: string): string {
  const start = target.indexOf('?');
  if (start < 0) return '';
  const end = target.indexOf('#', start);
  return target.slice(start + 1, end < 0 ? undefined : end);
}
