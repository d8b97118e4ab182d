import {
  admitRouted,
  ANONYMOUS,
  type Ask,
  type ErrorCode,
  type Refusal,
  type ResponsePlan,
  type Route,
  type RoutedRequest,
} from '@leakproof/core';
import { decodeContent, headerValues, type IncomingRequest, saysJson, STRICT } from '@leakproof/http';
import { headersToOrigin } from '../headers/to-origin.ts';
import { requestFault } from './request-fault.ts';
import { LookupSession } from '../lookup/lookup-session.ts';
import { perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { judgePassed, passUnjudged } from './monitor.ts';
import { release } from './release.ts';
import { reject, type RequestContext } from './request-context.ts';

/** Lets a request through only as far as the contract allows, and releases nothing that the log does not have. */
export function* enforce(engine: Engine, request: IncomingRequest, route: Route | Refusal): RequestFlow {
  const serverMatch = 'type' in route ? undefined : route.serverMatch;
  const unknown: RequestContext = { engine, request, route, serverMatch, principal: ANONYMOUS };
  const fault = requestFault(request, engine.identityHeaders);
  if (fault) return yield* reject(unknown, fault.status, fault.code);
  const identified = yield* perform({ do: 'identify', request });
  if ('invalid' in identified) return yield* reject(unknown, 401, identified.invalid);
  const { principal } = identified;
  const allowance = engine.budgets.allowance(principal, request.peer, engine.now);
  const trip: RequestContext = { engine, request, route, serverMatch, principal, allowance };
  if (allowance.level.step === 'freeze') return yield* reject(trip, 429, 'LP-BUDGET-FROZEN');

  const answers = new LookupSession(engine);
  const early = admitHead(trip, answers);
  if (early?.type === 'refusal' && !passesUndeclared(trip, early)) return yield* reject(trip, early.status, early.code);
  const facts = yield* readRequest(trip);
  if ('type' in facts) return yield* reject(trip, facts.status, facts.code);
  const isSettled = early && early.type !== 'ask' && !facts.body;
  const plan = isSettled ? early : yield* admitted(trip, facts, answers);
  if (plan.type === 'refusal') {
    if (passesUndeclared(trip, plan)) return yield* passUnjudged(engine, trip, plan.code);
    return yield* reject(trip, plan.status, plan.code);
  }
  if (!engine.mode && plan.mode === 'monitor') return yield* judgePassed(engine, trip, { principal, plan, answers });
  if (!serverMatch) return yield* reject(trip, 404, 'LP-OPERATION-UNDECLARED');
  if (allowance.level.delayed) yield* perform({ do: 'wait', ms: engine.limits.delayMs });
  const event = yield* perform({
    do: 'open',
    request: {
      scheme: serverMatch.endpoint.scheme,
      authority: serverMatch.endpoint.authority,
      method: request.method === 'HEAD' ? 'GET' : request.method,
      target: request.target,
      headers: headersToOrigin(request, { to: serverMatch.endpoint, cookies: engine.sendsCookies }),
      body: plan.body === undefined ? facts.body : Buffer.from(plan.body),
    },
  });
  const going = { engine, request, route, serverMatch, principal, allowance, operation: plan.operation, plan, answers };
  if ('failed' in event) return yield* reject(going, 502, event.failed);
  return yield* release(going, event.response);
}

/**
 * What is decided by the head alone, before a body is read: what no body can mend is refused. Undefined at a GraphQL door,
 * where the operation stands in the body.
 */
function admitHead(trip: RequestContext, answers: LookupSession): Refusal | Ask | ResponsePlan | undefined {
  const { engine, principal, serverMatch } = trip;
  if (serverMatch?.protocol === 'graphql') return undefined;
  return admitRouted(engine.contract, headOf(trip), principal, answers);
}

function headOf({ request: { method, authority, target, headers }, route }: RequestContext): RoutedRequest {
  return { method, authority, target, headers, route };
}

/** The request as the contract reads it, or why its body is not read. */
function* readRequest(trip: RequestContext): RequestFlow<RoutedRequest | Refusal> {
  const { engine, request } = trip;
  const { headers } = request;
  const { body } = yield* perform({ do: 'read' });
  if (body === 'too-large') return refusal(413, 'LP-REQUEST-TOO-LARGE');
  if (body.length === 0) return headOf(trip);
  if (engine.contract.undeclared.parameters === 'deny' && !saysJson(headers))
    return refusal(400, 'LP-REQUEST-UNREADABLE');
  const { maxRequestBytes: maxBytes, maxRatio } = engine.limits;
  const decoded = decodeContent(headers, body, { ...STRICT, maxBytes, maxRatio });
  if (decoded === 'too-large') return refusal(413, 'LP-REQUEST-TOO-LARGE');
  if (decoded === 'unreadable') return refusal(400, 'LP-REQUEST-UNREADABLE');
  return { ...headOf(trip), body: decoded };
}

function refusal(status: Refusal['status'], code: ErrorCode): Refusal {
  return { type: 'refusal', status, code, reason: '' };
}

/** Admits a request, asking what has to be asked. */
function* admitted(
  trip: RequestContext,
  facts: RoutedRequest,
  answers: LookupSession,
): RequestFlow<Refusal | ResponsePlan> {
  const { engine, request, principal, serverMatch } = trip;
  for (let final = false; ;) {
    const decision = admitRouted(engine.contract, facts, principal, answers, final);
    if (decision.type !== 'ask') return decision;
    const read = yield* answers.read(request, decision.reads);
    const asked = serverMatch ? yield* answers.ask(serverMatch.server, decision.asks) : false;
    final = !read && !asked;
  }
}

function passesUndeclared({ engine, serverMatch, request }: RequestContext, refused: Refusal): boolean {
  return (
    engine.contract.undeclared.operations === 'pass' &&
    refused.code === 'LP-OPERATION-UNDECLARED' &&
    serverMatch?.protocol === 'rest' &&
    headerValues(request.headers, 'upgrade').length === 0
  );
}
