import {
  admitRouted,
  ANONYMOUS,
  type ErrorCode,
  type Principal,
  type Refusal,
  type ResponsePlan,
  type Route,
  type ServerMatch,
} from '@leakproof/core';
import { decodeContent, type IncomingRequest, STRICT } from '@leakproof/http';
import { headersToOrigin, passThroughHeaders } from '../headers/to-origin.ts';
import { type Command, type Passed, perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { asExposed } from './fact-groups.ts';
import { LookupSession } from './lookup-session.ts';
import { mirrorDestination } from './mirror-destination.ts';
import { recordAccess, recordEnd, recordGap } from './records.ts';
import { reject, type RequestContext } from './request-context.ts';
import { requestFault } from './request-fault.ts';
import { unsentHeaders } from './unsent-headers.ts';
import { readJsonBody } from './read-json-body.ts';
import { sealBody } from './seal-body.ts';

/** A request that is forwarded unchanged, with its route. */
interface MonitoredRequest {
  readonly engine: Engine;
  readonly request: IncomingRequest;
  readonly route: Route | Refusal;
}

/** A request whose server is known. */
type RoutedRequest = RequestContext & { readonly serverMatch: ServerMatch };

/** What is known of a monitored request before its response is judged. */
interface KnownBefore {
  readonly principal: Principal;
  readonly plan?: ResponsePlan;
  readonly lookups?: LookupSession;
}

/**
 * Monitors one request: it is forwarded unchanged and its response is streamed back. Everything else happens afterwards;
 * whatever fails there is recorded as a gap. The one refusal is 421: the host names no endpoint, and there are several.
 */
export function* monitor(engine: Engine, request: IncomingRequest, route: Route | Refusal): RequestFlow {
  const monitored: MonitoredRequest = { engine, request, route };
  const { to, target, unknownHost } = mirrorDestination(engine.contract, request);
  if (unknownHost !== undefined) engine.notices.unknownHost(unknownHost);
  if (!to)
    return yield* reject(
      { engine, request, route, serverMatch: undefined, principal: ANONYMOUS },
      421,
      'LP-HOST-UNKNOWN',
    );
  const passed = yield* pass(engine, { do: 'pass', to, target, headers: passThroughHeaders(request, to) });
  if ('failed' in passed) return;
  yield* recordFaults(monitored, function* () {
    const operations = 'type' in route || !route.match ? [] : [route.match.operation.name];
    unsentHeaders(engine, request, { operations, isMonitored: true });
    if (unknownHost !== undefined) return yield* recordGap(engine, request, 'LP-HOST-UNKNOWN');
    const fault = requestFault(request, engine);
    if (fault) return yield* recordGap(engine, request, fault.code);
    const identified = yield* perform({ do: 'identify', request });
    if ('invalid' in identified) return yield* recordGap(engine, request, identified.invalid);
    if ('unavailable' in identified) return yield* recordGap(engine, request, identified.unavailable);
    yield* judge(monitored, passed, { principal: identified.principal });
  });
}

/** Monitors a request whose body had to be read to find that its operation is monitored. */
export function* judgePassed(monitored: RoutedRequest, known: Required<KnownBefore>): RequestFlow {
  const { engine, request, serverMatch } = monitored;
  const to = serverMatch.endpoint;
  const { target } = request;
  const passed = yield* pass(engine, { do: 'pass', to, target, headers: passThroughHeaders(request, to) });
  if ('failed' in passed) return;
  yield* recordFaults(monitored, () => judge(monitored, passed, known));
}

/**
 * Forwards an undeclared request where the contract says `undeclared: { operations: pass }`, with the headers that any operation
 * may send.
 */
export function* passUnjudged(monitored: RoutedRequest, code: ErrorCode): RequestFlow {
  const { engine, request, serverMatch } = monitored;
  const to = serverMatch.endpoint;
  const { sent, isRefused } = unsentHeaders(engine, request, { operations: [] });
  if (isRefused) return yield* reject(monitored, 400, 'LP-REQUEST-FRAMING');
  // The body is sent as it came, with its coding.
  const headers = headersToOrigin(request, { to, sent: new Set([...sent, 'content-encoding']) });
  const passed = yield* pass(engine, { do: 'pass', to, target: request.target, headers });
  if (!('failed' in passed)) yield* recordGap(engine, request, code);
}

function* pass(engine: Engine, command: Extract<Command, { do: 'pass' }>): RequestFlow<Passed> {
  engine.counts.passed++;
  return yield* perform(command);
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
