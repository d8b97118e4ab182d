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
import { namesMethodInBody } from '../headers/method-in-body.ts';
import { withCookies } from '../headers/allowed-cookies.ts';
import { headersToOrigin } from '../headers/to-origin.ts';
import type { Allowance } from '../budget/budgets.ts';
import { perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { LookupSession } from './lookup-session.ts';
import { judgePassed, passUnjudged } from './monitor.ts';
import { release } from './release.ts';
import { type AdmittedRequest, reject, type RequestContext, statusOf } from './request-context.ts';
import { requestFault } from './request-fault.ts';
import { unsentHeaders } from './unsent-headers.ts';

/** Forwards a request only as far as the contract allows, and releases nothing that is not recorded. */
export function* enforce(engine: Engine, received: IncomingRequest, route: Route | Refusal): RequestFlow {
  const { allowedCookies } = engine;
  const request = allowedCookies ? { ...received, headers: withCookies(received.headers, allowedCookies) } : received;
  const serverMatch = 'type' in route ? undefined : route.serverMatch;
  const unidentified: RequestContext = { engine, request, route, serverMatch, principal: ANONYMOUS };
  const fault = requestFault(received, engine);
  if (fault) return yield* reject(unidentified, fault.status, fault.code);
  const identified = yield* perform({ do: 'identify', request });
  if ('invalid' in identified) return yield* reject(unidentified, 401, identified.invalid);
  if ('unavailable' in identified) return yield* reject(unidentified, 503, identified.unavailable);
  const { principal, setCookies } = identified;
  const allowance = engine.budgets.allowance(principal, request.peer, engine.now);
  const context = { ...unidentified, principal, allowance, ...(setCookies ? { setCookies } : {}) };
  if (allowance.level.step === 'freeze') return yield* reject(context, 429, 'LP-BUDGET-FROZEN');

  const lookups = new LookupSession(engine);
  const byHead = admitHead(context, lookups);
  if (byHead?.type === 'refusal' && !isPassedUndeclared(context, byHead))
    return yield* reject(context, byHead.status, byHead.code);
  const routed = yield* readRequest(context);
  if ('type' in routed) return yield* reject(context, routed.status, routed.code);
  const isDecided = byHead && byHead.type !== 'ask' && !routed.body;
  const plan = isDecided ? byHead : yield* admitWithLookups(context, routed, lookups);
  if (!serverMatch) return yield* reject(context, 404, 'LP-OPERATION-UNDECLARED');
  if (plan.type === 'refusal') {
    if (isPassedUndeclared(context, plan)) return yield* passUnjudged({ ...context, serverMatch }, plan.code);
    return yield* reject(context, plan.status, plan.code);
  }
  if (!engine.mode && plan.mode === 'monitor')
    return yield* judgePassed({ ...context, request: received, serverMatch }, { principal, plan, lookups });
  yield* forward({ ...context, serverMatch, allowance, operation: plan.operation, plan, lookups }, routed.body);
}

const encoder = new TextEncoder();

/** Sends an admitted request to its origin, and releases the response. */
function* forward(context: AdmittedRequest, body: Uint8Array | undefined): RequestFlow {
  const { engine, request, serverMatch, allowance, plan } = context;
  const unsent = unsentHeaders(engine, request, { operations: plan.operation.split(',') });
  if (unsent.isRefused) return yield* reject(context, 400, 'LP-REQUEST-FRAMING');
  if (allowance.level.delayed) yield* perform({ do: 'wait', ms: engine.limits.delayMs });
  const event = yield* perform({
    do: 'open',
    request: {
      scheme: serverMatch.endpoint.scheme,
      authority: serverMatch.endpoint.authority,
      method: request.method === 'HEAD' ? 'GET' : request.method,
      target: request.target,
      headers: headersToOrigin(request, {
        to: serverMatch.endpoint,
        sent: unsent.sent,
        isBodyChanged: plan.body !== undefined || headerValues(request.headers, 'content-encoding').length > 0,
      }),
      body: plan.body === undefined ? body : encoder.encode(plan.body),
    },
    caller: allowance.caller,
  });
  if ('failed' in event) return yield* reject(context, statusOf(event.failed), event.failed);
  yield* release(context, event.response);
}

/**
 * The decision that the head allows before the body is read: a refusal of the head is final. Undefined for GraphQL, where the
 * body names the operation.
 */
function admitHead(context: RequestContext, lookups: LookupSession): Refusal | Ask | ResponsePlan | undefined {
  const { engine, principal, serverMatch } = context;
  if (serverMatch?.protocol === 'graphql') return undefined;
  return admitRouted(engine.contract, headOf(context), principal, lookups);
}

/** The head of a request; its body has not been read yet. */
function headOf({ request: { method, authority, target, headers }, route }: RequestContext): RoutedRequest {
  const hasBody =
    headerValues(headers, 'transfer-encoding').length > 0 || !isZero(headerValues(headers, 'content-length'));
  return { method, authority, target, headers, route, ...(hasBody ? { body: 'unread' as const } : {}) };
}

function isZero(lengths: readonly string[]): boolean {
  return lengths.every((length) => /^0+$/.test(length));
}

interface ReadRequest extends RoutedRequest {
  readonly body: Uint8Array | undefined;
}

/** Reads and decodes the body, or returns why that is refused. */
function* readRequest(context: RequestContext): RequestFlow<ReadRequest | Refusal> {
  const { engine, request } = context;
  const { headers } = request;
  const { body } = yield* perform({ do: 'read' });
  if (body === 'too-large') return refusal(413, 'LP-REQUEST-TOO-LARGE');
  const head = { ...headOf(context), body: undefined };
  if (body.length === 0) return head;
  if (engine.contract.undeclared.parameters === 'deny' && !saysJson(headers))
    return refusal(400, 'LP-REQUEST-UNREADABLE');
  const { maxRequestBytes: maxBytes, maxRatio } = engine.limits;
  const decoded = decodeContent(headers, body, { ...STRICT, maxBytes, maxRatio });
  if (decoded === 'too-large') return refusal(413, 'LP-REQUEST-TOO-LARGE');
  if (decoded === 'unreadable') return refusal(400, 'LP-REQUEST-UNREADABLE');
  const { parameters, operations } = engine.contract.undeclared;
  if ((parameters === 'pass' || operations === 'pass') && namesMethodInBody(headers, decoded))
    return refusal(400, 'LP-REQUEST-OVERRIDE');
  return { ...head, body: decoded };
}

function refusal(status: Refusal['status'], code: ErrorCode): Refusal {
  return { type: 'refusal', status, code, reason: '' };
}

function operationsOf({ route }: RequestContext): readonly string[] {
  return 'type' in route || !route.match ? [] : [route.match.operation.name];
}

/** Admits a request, after the lookups and reads that the decision needs. */
function* admitWithLookups(
  context: RequestContext & { readonly allowance: Allowance },
  routed: RoutedRequest,
  lookups: LookupSession,
): RequestFlow<Refusal | ResponsePlan> {
  const { engine, request, principal, serverMatch, allowance } = context;
  for (let final = false; ;) {
    const decision = admitRouted(engine.contract, routed, principal, lookups, final);
    if (decision.type !== 'ask') return decision;
    const sent = engine.requestHeaders.sent({ method: request.method, operations: operationsOf(context) });
    const hasRead = yield* lookups.read({ request, sent, caller: allowance.caller }, decision.reads);
    const hasAsked = serverMatch ? yield* lookups.ask(serverMatch.server, decision.asks) : false;
    final = !hasRead && !hasAsked;
  }
}

/** True if the operation is undeclared and the contract says `undeclared: { operations: pass }`. */
function isPassedUndeclared({ engine, serverMatch, request }: RequestContext, refused: Refusal): boolean {
  return (
    engine.contract.undeclared.operations === 'pass' &&
    refused.code === 'LP-OPERATION-UNDECLARED' &&
    serverMatch?.protocol === 'rest' &&
    headerValues(request.headers, 'upgrade').length === 0
  );
}
