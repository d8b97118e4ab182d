import {
  admitRouted,
  type ErrorCode,
  type Principal,
  type Refusal,
  type ResponsePlan,
  type Route,
} from '@leakproof/core';
import { decodeContent, type IncomingRequest, STRICT } from '@leakproof/http';
import { headersAsSent, headersToOrigin } from '../headers/to-origin.ts';
import { requestFault } from './request-fault.ts';
import { LookupSession } from '../lookup/lookup-session.ts';
import { type Passed, perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { recordAccess, recordEnd, recordGap } from './records.ts';
import { exposed } from './fact-groups.ts';
import { readBody, sealBody } from './seal-response.ts';

/** A request, and where it goes. */
interface MonitoredRequest {
  readonly request: IncomingRequest;
  readonly route: Route | Refusal;
}

/**
 * Watches one request: it is passed on as it came and its answer is passed back as it comes. Everything else happens after
 * that, and whatever goes wrong with it is a gap in the record.
 */
export function* monitor(engine: Engine, request: IncomingRequest, route: Route | Refusal): RequestFlow {
  const passed = yield* pass(engine, { request, route });
  if ('failed' in passed) return;
  yield* watched(engine, request, function* () {
    const fault = requestFault(request, engine.identityHeaders);
    if (fault) return yield* recordGap(engine, request, fault.code);
    const identified = yield* perform({ do: 'identify', request });
    if ('invalid' in identified) return yield* recordGap(engine, request, identified.invalid);
    yield* judge(engine, { request, route }, passed, { principal: identified.principal });
  });
}

/** The same for a request whose body had to be read to learn that it is only watched. */
export function* judgePassed(
  engine: Engine,
  watching: MonitoredRequest,
  known: { principal: Principal; plan: ResponsePlan; answers: LookupSession },
): RequestFlow {
  const passed = yield* pass(engine, watching);
  if ('failed' in passed) return;
  yield* watched(engine, watching.request, () => judge(engine, watching, passed, known));
}

/**
 * Lets something through that the contract says nothing of, where it says to do so. Without the headers that could make the
 * origin answer another request than this one.
 */
export function* passUnjudged(engine: Engine, watching: MonitoredRequest, code: ErrorCode): RequestFlow {
  const { request } = watching;
  const headers = headersToOrigin(request, { to: request, cookies: engine.sendsCookies });
  const passed = yield* pass(engine, watching, headers);
  if (!('failed' in passed)) yield* recordGap(engine, request, code);
}

function* pass(
  engine: Engine,
  { request, route }: MonitoredRequest,
  headers = headersAsSent(request),
): RequestFlow<Passed> {
  const scheme = 'type' in route ? 'http' : route.serverMatch.endpoint.scheme;
  engine.counts.passed++;
  return yield* perform({ do: 'pass', to: { scheme, authority: request.authority }, headers });
}

/** The answer has left already: a fault of ours is a gap, never an error. */
function* watched(engine: Engine, request: IncomingRequest, body: () => RequestFlow): RequestFlow {
  try {
    yield* body();
  } catch {
    engine.counts.faults++;
    yield* recordGap(engine, request, 'LP-INTERNAL');
  }
}

type PassedResponse = Extract<Passed, { response: unknown }>;

function* judge(
  engine: Engine,
  watching: MonitoredRequest,
  passed: PassedResponse,
  known: { principal: Principal; plan?: ResponsePlan; answers?: LookupSession },
): RequestFlow {
  const { request } = watching;
  const { response } = passed;
  if (passed.ended === 'cut-off') return yield* recordGap(engine, request, 'LP-ORIGIN-CUT-OFF');
  if (response.body === 'too-large') return yield* recordGap(engine, request, 'LP-RESPONSE-TOO-LARGE');
  if (response.body.length === 0) return undefined;
  if (response.status >= 300) return yield* recordGap(engine, request, 'LP-ORIGIN-ERROR');
  if (response.status === 206) return yield* recordGap(engine, request, 'LP-RESPONSE-UNREADABLE');
  const answers = known.answers ?? new LookupSession(engine);
  const plan = known.plan ?? (yield* planFor(engine, watching, passed, { principal: known.principal, answers }));
  const judged = plan.type === 'refusal' ? refusedPlan(watching, known.principal) : plan;
  if (!judged) return yield* recordGap(engine, request, plan.type === 'refusal' ? plan.code : 'LP-INTERNAL');
  const json = readBody(engine, { ...response, body: response.body });
  if (typeof json === 'string') return yield* recordGap(engine, request, json);
  const { contract } = engine;
  const sealed = yield* sealBody(json, { contract, plan: judged, answers });
  const facts = plan.type === 'refusal' ? exposed(sealed.facts) : sealed.facts;
  engine.budgets.allowance(known.principal, request.peer, engine.now).note(facts);
  const subject = { request, principal: known.principal, mode: 'monitor' as const };
  yield* recordAccess(engine, { ...subject, server: judged.server.name, operation: judged.operation }, facts);
  yield* recordEnd(engine, request, passed.ended);
  const unjudged = sealed.withheld.find(
    ({ because, field }) => because === 'owner-unknown' || (because === 'misshapen' && field === ''),
  );
  if (unjudged)
    yield* recordGap(engine, request, unjudged.because === 'misshapen' ? 'LP-BODY-MISSHAPEN' : 'LP-OWNER-UNKNOWN');
}

function* planFor(
  engine: Engine,
  { request, route }: MonitoredRequest,
  passed: PassedResponse,
  { principal, answers }: { principal: Principal; answers: LookupSession },
): RequestFlow<Refusal | ResponsePlan> {
  const { contract, limits } = engine;
  const { method, authority, target, headers } = request;
  const { maxRequestBytes: maxBytes, maxRatio } = limits;
  const decoded =
    passed.requestBody === 'too-large'
      ? 'too-large'
      : decodeContent(headers, passed.requestBody, { ...STRICT, maxBytes, maxRatio });
  if (typeof decoded === 'string') return { type: 'refusal', status: 400, code: 'LP-REQUEST-UNREADABLE', reason: '' };
  const facts = { method, authority, target, headers, route, ...(decoded.length > 0 ? { body: decoded } : {}) };
  const first = admitRouted(contract, facts, principal, answers);
  if (first.type !== 'ask') return first;
  if (!('type' in route)) yield* answers.ask(route.serverMatch.server, first.asks);
  const second = admitRouted(contract, facts, principal, answers, true);
  return second.type === 'ask' ? { type: 'refusal', status: 400, code: 'LP-INTERNAL', reason: '' } : second;
}

/** How to read the answer of an operation that the caller should not have been let into. */
function refusedPlan({ route }: MonitoredRequest, principal: Principal): ResponsePlan | undefined {
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
