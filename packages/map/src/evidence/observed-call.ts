import { type Exchange } from '@leakproof/core';
import { graphqlCalls, matchOperations, readExchange, type BodyKind, type Inventory } from '@leakproof/sources';
import { callerName } from './caller-claims.ts';

/** One exchange with its operation and what was answered. Contains values: in memory only. */
export interface ObservedCall {
  readonly exchange: Exchange;
  /** Undefined if it is not known who called. */
  readonly caller: string | undefined;
  /** `GET /users/{id}`. */
  readonly operation: string;
  readonly method: string;
  readonly path: readonly (readonly [name: string, value: string])[];
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Members of the request body. */
  readonly sent: readonly string[];
  readonly status: number;
  readonly kind: BodyKind;
  readonly value: unknown;
  readonly isGraphql: boolean;
}

/** The exchanges as calls, in the order of time; exchanges of one time in an order that does not depend on theirs. Never throws. */
export function observeCalls(exchanges: readonly Exchange[], inventory: Pick<Inventory, 'operations'>): ObservedCall[] {
  const operationOf = matchOperations(inventory);
  return inOrder(exchanges).map((exchange) => {
    const read = readExchange(exchange);
    const { name, path } = operationOf(read);
    return {
      exchange,
      caller: callerName(exchange),
      operation: name,
      method: exchange.request.method,
      path,
      query: read.query,
      sent: isRecord(read.request.value) ? Object.keys(read.request.value) : [],
      status: read.status,
      kind: read.response.kind,
      value: read.response.kind === 'json' ? read.response.value : undefined,
      isGraphql: graphqlCalls(read) !== undefined,
    };
  });
}

function inOrder(exchanges: readonly Exchange[]): readonly Exchange[] {
  const keyed = exchanges.map((exchange) => ({ exchange, time: exchange.time ?? 0, key: '' }));
  const times = new Set(keyed.map(({ time }) => time));
  // Keys are costly: they are needed only where two exchanges have one time.
  if (times.size < keyed.length) for (const each of keyed) each.key = keyOf(each.exchange);
  return keyed.sort((a, b) => a.time - b.time || compareText(a.key, b.key)).map(({ exchange }) => exchange);
}

function keyOf({ request, response, caller, provenance }: Exchange): string {
  const bytes = (body: Uint8Array | undefined): string => (body ? Buffer.from(body).toString('latin1') : '');
  return JSON.stringify([
    [request.method, request.scheme, request.authority, request.target, request.headers, bytes(request.body)],
    response ? [response.status, response.headers, bytes(response.body)] : null,
    [caller.auth, caller.identity, caller.fingerprint],
    provenance.at,
  ]);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isSuccess = ({ status }: ObservedCall): boolean => status >= 200 && status < 300;
