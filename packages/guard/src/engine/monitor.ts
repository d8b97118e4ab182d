import {
  admitRouted,
  type ErrorCode,
  type Principal,
  type Refusal,
  type ResponsePlan,
  type Route,
} from '@leakproof/core';
import { decodeContent, type IncomingRequest, STRICT } from '@leakproof/http';
import { headersToOrigin, passThroughHeaders } from '../headers/to-origin.ts';
import { type Passed, perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { asExposed } from './fact-groups.ts';
import { LookupSession } from './lookup-session.ts';
import { recordAccess, recordEnd, recordGap } from './records.ts';
import { requestFault } from './request-fault.ts';
import { readJsonBody } from './read-json-body.ts';
import { sealBody } from './seal-body.ts';

/** A request that is forwarded unchanged, with its route. */
interface MonitoredRequest {
  readonly engine: Engine;
  readonly request: IncomingRequest;
  readonly route: Route | Refusal;
}

/** What is known of a monitored request before its response is judged. */
interface KnownBefore {
  readonly principal: Principal;
  readonly plan?: ResponsePlan;
  readonly lookups?: LookupSession;
}

/**
 * Monitors one request: it is forwarded unchanged and its response is streamed back. Everything else happens afterwards;
 * whatever fails there is recorded as a gap.
 */
export function* monitor(engine: Engine, request: IncomingRequest, route: Route | Refusal): RequestFlow {
  const monitored: MonitoredRequest = { engine, request, route };
  const passed = yield* pass(monitored);
  if ('failed' in passed) return;
  yield* recordFaults(monitored, function* () {
    const fault = requestFault(request, engine.identityHeaders);
    if (fault) return yield* recordGap(engine, request, fault.code);
    const identified = yield* perform({ do: 'identify', request });
    if ('invalid' in identified) return yield* recordGap(engine, request, identified.invalid);
    yield* judge(monitored, passed, { principal: identified.principal });
  });
}

/** Monitors a request whose body had to be read to find that its operation is monitored. */
export function* judgePassed(monitored: MonitoredRequest, known: Required<KnownBefore>): RequestFlow {
  const passed = yield* pass(monitored);
  if ('failed' in passed) return;
  yield* recordFaults(monitored, () => judge(monitored, passed, known));
}

/**
 * Forwards an undeclared request where the contract says `undeclared: { operations: pass }`, without the headers that could
 * make the origin read it as another request.
 */
export function* passUnjudged(monitored: MonitoredRequest, code: ErrorCode): RequestFlow {
  const { engine, request } = monitored;
  const passed = yield* pass(monitored, headersToOrigin(request, { to: request, cookies: engine.sendsCookies }));
  if (!('failed' in passed)) yield* recordGap(engine, request, code);
}

function* pass(
  { engine, request, route }: MonitoredRequest,
  headers = passThroughHeaders(request),
): RequestFlow<Passed> {
  const scheme = 'type' in route ? 'http' : route.serverMatch.endpoint.scheme;
  engine.counts.passed++;
  return yield* perform({ do: 'pass', to: { scheme, authority: request.authority }, headers });
}

/** Turns an internal error into a gap: the response has been sent already. */
function* recordFaults({ engine, request }: MonitoredRequest, flow: () => RequestFlow): RequestFlow {
  try {
    yield* flow();
  } catch {
    engine.counts.faults++;
    yield* recordGap(engine, request, 'LP-INTERNAL');
  }
}

type PassedResponse = Extract<Passed, { response: unknown }>;

function* judge(monitored: MonitoredRequest, passed: PassedResponse, known: KnownBefore): RequestFlow {
  const { engine, request } = monitored;
  const { response } = passed;
  if (passed.ended === 'cut-off') return yield* recordGap(engine, request, 'LP-ORIGIN-CUT-OFF');
  if (response.body === 'too-large') return yield* recordGap(engine, request, 'LP-RESPONSE-TOO-LARGE');
  if (response.body.length === 0) return undefined;
  if (response.status >= 300) return yield* recordGap(engine, request, 'LP-ORIGIN-ERROR');
  if (response.status === 206) return yield* recordGap(engine, request, 'LP-RESPONSE-UNREADABLE');
  const { principal, lookups = new LookupSession(engine) } = known;
  const plan = known.plan ?? (yield* planFor(monitored, passed, { principal, lookups }));
  const judged = plan.type === 'refusal' ? planOfRefused(monitored, principal) : plan;
  if (!judged) return yield* recordGap(engine, request, plan.type === 'refusal' ? plan.code : 'LP-INTERNAL');
  const json = readJsonBody(engine, { ...response, body: response.body });
  if (typeof json === 'string') return yield* recordGap(engine, request, json);
  const sealed = yield* sealBody(engine, json, { plan: judged, lookups });
  const facts = plan.type === 'refusal' ? asExposed(sealed.facts) : sealed.facts;
  engine.budgets.allowance(principal, request.peer, engine.now).count(facts);
  const context = { request, principal, mode: 'monitor' as const };
  yield* recordAccess(engine, { ...context, server: judged.server.name, operation: judged.operation }, facts);
  yield* recordEnd(engine, request, passed.ended);
  const unjudged = sealed.withheld.find(
    ({ because, field }) => because === 'owner-unknown' || (because === 'misshapen' && field === ''),
  );
  if (unjudged)
    yield* recordGap(engine, request, unjudged.because === 'misshapen' ? 'LP-BODY-MISSHAPEN' : 'LP-OWNER-UNKNOWN');
}

function* planFor(
  { engine, request, route }: MonitoredRequest,
  passed: PassedResponse,
  { principal, lookups }: { principal: Principal; lookups: LookupSession },
): RequestFlow<Refusal | ResponsePlan> {
  const { contract, limits } = engine;
  const { method, authority, target, headers } = request;
  const { maxRequestBytes: maxBytes, maxRatio } = limits;
  const decoded =
    passed.requestBody === 'too-large'
      ? 'too-large'
      : decodeContent(headers, passed.requestBody, { ...STRICT, maxBytes, maxRatio });
  if (typeof decoded === 'string') return { type: 'refusal', status: 400, code: 'LP-REQUEST-UNREADABLE', reason: '' };
  const routed = { method, authority, target, headers, route, ...(decoded.length > 0 ? { body: decoded } : {}) };
  const first = admitRouted(contract, routed, principal, lookups);
  if (first.type !== 'ask') return first;
  if (!('type' in route)) yield* lookups.ask(route.serverMatch.server, first.asks);
  const second = admitRouted(contract, routed, principal, lookups, true);
  return second.type === 'ask' ? { type: 'refusal', status: 400, code: 'LP-INTERNAL', reason: '' } : second;
}

/** The plan by which to read the response of an operation that the contract does not admit for this principal. */
function planOfRefused({ route }: MonitoredRequest, principal: Principal): ResponsePlan | undefined {
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
