import { admitRouted, type Principal, type Refusal, type ResponsePlan, type Route } from '@leakproof/core';
import { decodeContent, type IncomingRequest, STRICT } from '@leakproof/http';
import { perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import type { LookupSession } from './lookup-session.ts';

/** A request that is forwarded unchanged, with its route. */
export interface MonitoredRequest {
  readonly engine: Engine;
  readonly request: IncomingRequest;
  readonly route: Route | Refusal;
}

/** The plan by which the response to a forwarded request is judged, or why the contract does not admit the request. */
export function* planOfPassed(
  { engine, request, route }: MonitoredRequest,
  { principal, lookups }: { readonly principal: Principal; readonly lookups: LookupSession },
): RequestFlow<Refusal | ResponsePlan> {
  const { contract, limits } = engine;
  const { method, authority, target, headers } = request;
  const { maxRequestBytes: maxBytes, maxRatio } = limits;
  const { body } = yield* perform({ do: 'read' });
  const decoded = body === 'too-large' ? body : decodeContent(headers, body, { ...STRICT, maxBytes, maxRatio });
  if (typeof decoded === 'string') return { type: 'refusal', status: 400, code: 'LP-REQUEST-UNREADABLE', reason: '' };
  const routed = { method, authority, target, headers, route, ...(decoded.length > 0 ? { body: decoded } : {}) };
  const first = admitRouted(contract, routed, principal, lookups);
  if (first.type !== 'ask') return first;
  if (!('type' in route)) yield* lookups.ask(route.serverMatch.server, first.asks);
  const second = admitRouted(contract, routed, principal, lookups, true);
  return second.type === 'ask' ? { type: 'refusal', status: 400, code: 'LP-INTERNAL', reason: '' } : second;
}

/** The plan by which to read the response of an operation that the contract does not admit for this principal. */
export function planOfRefused({ route }: MonitoredRequest, principal: Principal): ResponsePlan | undefined {
  if ('type' in route || !route.match) return undefined;
  const { serverMatch, match } = route;
  const { operation } = match;
  return {
    type: 'plan',
    operation: operation.name,
    server: serverMatch.server,
    protocol: 'rest',
    principal,
    expected: { shape: operation.returns, space: serverMatch.server.space },
    mode: 'monitor',
  };
}
