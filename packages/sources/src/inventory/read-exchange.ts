import type { Exchange } from '@leakproof/core';
import type { PathVariables } from '../reading/reader.ts';
import { readBody, type ReadBody } from './read-body.ts';
import { readSegment, splitPath, type Segment } from './paths/segment-shape.ts';

/** A parsed exchange, so that each body is parsed once only. Contains values: keep it in memory. */
export interface ExchangeRead {
  readonly exchange: Exchange;
  readonly segments: readonly Segment[];
  /** Decoded, in order. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly request: ReadBody;
  readonly response: ReadBody;
  /** 0 without a response. */
  readonly status: number;
}

/** Never throws. `pathVariables`: the segments that the source names as parameters. */
export function readExchange(exchange: Exchange, pathVariables: PathVariables = []): ExchangeRead {
  const { request, response } = exchange;
  return {
    exchange,
    segments: splitPath(request.target).map((raw, index) => readSegment(raw, index, pathVariables[index])),
    query: [...new URLSearchParams(queryOf(request.target))],
    request: readBody(request.headers, request.body),
    response: response ? readBody(response.headers, response.body) : { kind: 'not-kept' },
    status: response?.status ?? 0,
  };
}

/** The origin of a request: `https://api.example.org`; `http://?` if the authority is unknown. */
export function originOf(exchange: Exchange): string {
  return `${exchange.request.scheme}://${exchange.request.authority || '?'}`;
}

function queryOf(target: string): string {
  const start = target.indexOf('?');
  if (start < 0) return '';
  const end = target.indexOf('#', start);
  return target.slice(start + 1, end < 0 ? undefined : end);
}
