import {
  admit,
  arrive,
  type ErrorCode,
  matchOperation,
  type Principal,
  type Refusal,
  type ResponsePlan,
} from '@leakproof/core';
import { decodeContent } from '../http/decode-content.ts';
import { headersAsSent, headersToOrigin } from '../http/headers-to-origin.ts';
import { requestFault } from '../http/request-fault.ts';
import { Answers } from './answers.ts';
import { order, type Passage, type Passed } from './command.ts';
import type { Engine } from './engine.ts';
import type { Incoming } from './message.ts';
import { recordAccess, recordEnd, recordGap } from './records.ts';
import { exposed, readBody, sealBody } from './seal-response.ts';

/**
 * Watches one request: it is passed on as it came and its answer is passed back as it comes. Everything else happens after
 * that, and whatever goes wrong with it is a gap in the record.
 */
export function* monitor(engine: Engine, request: Incoming): Passage {
  const passed = yield* pass(engine, request);
  if ('failed' in passed) return;
  yield* watched(engine, request, function* () {
    const fault = requestFault(request, engine.identityHeaders);
    if (fault) return yield* recordGap(engine, request, fault.code);
    const identified = yield* order({ do: 'identify', request });
    if ('invalid' in identified) return yield* recordGap(engine, request, identified.invalid);
    yield* judge(engine, request, passed, { principal: identified.principal });
  });
}

/** The same for a request whose body had to be read to learn that it is only watched. */
export function* judgePassed(
  engine: Engine,
  request: Incoming,
  known: { principal: Principal; plan: ResponsePlan; answers: Answers },
): Passage {
  const passed = yield* pass(engine, request);
  if ('failed' in passed) return;
  yield* watched(engine, request, () => judge(engine, request, passed, known));
}

/**
 * Lets something through that the contract says nothing of, where it says to do so. Without the headers that could make the
 * origin answer another request than this one.
 */
export function* passUnjudged(engine: Engine, request: Incoming, code: ErrorCode): Passage {
  const headers = headersToOrigin(request, { to: request, cookies: engine.sendsCookies });
  const passed = yield* pass(engine, request, headers);
  if (!('failed' in passed)) yield* recordGap(engine, request, code);
}

function* pass(engine: Engine, request: Incoming, headers = headersAsSent(request)): Passage<Passed> {
  const arrival = arrive(engine.contract, request);
  const scheme = 'is' in arrival ? 'http' : arrival.door.scheme;
  engine.counts.passed++;
  return yield* order({ do: 'pass', to: { scheme, authority: request.authority }, headers });
}

/** The answer has left already: a fault of ours is a gap, never an error. */
function* watched(engine: Engine, request: Incoming, body: () => Passage): Passage {
  try {
    yield* body();
  } catch {
    engine.counts.faults++;
    yield* recordGap(engine, request, 'LP-INTERNAL');
  }
}

type Went = Extract<Passed, { response: unknown }>;

function* judge(
  engine: Engine,
  request: Incoming,
  passed: Went,
  known: { principal: Principal; plan?: ResponsePlan; answers?: Answers },
): Passage {
  const { response } = passed;
  if (passed.ended === 'cut-off') return yield* recordGap(engine, request, 'LP-ORIGIN-CUT-OFF');
  if (response.body === 'too-large') return yield* recordGap(engine, request, 'LP-RESPONSE-TOO-LARGE');
  if (response.body.length === 0) return undefined;
  if (response.status >= 300) return yield* recordGap(engine, request, 'LP-ORIGIN-ERROR');
  if (response.status === 206) return yield* recordGap(engine, request, 'LP-RESPONSE-UNREADABLE');
  const answers = known.answers ?? new Answers(engine);
  const plan = known.plan ?? (yield* planFor(engine, request, passed, { principal: known.principal, answers }));
  const judged = plan.is === 'refusal' ? refusedPlan(engine, request, known.principal) : plan;
  if (!judged) return yield* recordGap(engine, request, plan.is === 'refusal' ? plan.code : 'LP-INTERNAL');
  const json = readBody(engine, { ...response, body: response.body });
  if (typeof json === 'string') return yield* recordGap(engine, request, json);
  const { contract } = engine;
  const sealed = yield* sealBody(json, { contract, plan: judged, answers });
  const facts = plan.is === 'refusal' ? exposed(sealed.facts) : sealed.facts;
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
  request: Incoming,
  passed: Went,
  { principal, answers }: { principal: Principal; answers: Answers },
): Passage<Refusal | ResponsePlan> {
  const { contract, limits } = engine;
  const { method, authority, target, headers } = request;
  const { maxRequestBytes: maxBytes, maxRatio } = limits;
  const decoded =
    passed.requestBody === 'too-large'
      ? 'too-large'
      : decodeContent(headers, passed.requestBody, { maxBytes, maxRatio });
  if (typeof decoded === 'string') return { is: 'refusal', status: 400, code: 'LP-REQUEST-UNREADABLE', reason: '' };
  const facts = { method, authority, target, headers, ...(decoded.length > 0 ? { body: decoded } : {}) };
  const arrival = arrive(contract, request);
  const first = admit(contract, facts, principal, answers);
  if (first.is !== 'ask') return first;
  if (!('is' in arrival)) yield* answers.ask(arrival.server, first.asks);
  const second = admit(contract, facts, principal, answers, true);
  return second.is === 'ask' ? { is: 'refusal', status: 400, code: 'LP-INTERNAL', reason: '' } : second;
}

/** How to read the answer of an operation that the caller should not have been let into. */
function refusedPlan(engine: Engine, request: Incoming, principal: Principal): ResponsePlan | undefined {
  const arrival = arrive(engine.contract, request);
  if ('is' in arrival || arrival.protocol !== 'rest') return undefined;
  const operation = matchOperation(engine.contract, arrival, request.method)?.operation;
  if (!operation) return undefined;
  return {
    is: 'plan',
    operation: operation.name,
    server: arrival.server,
    protocol: 'rest',
    principal,
    expected: { shape: operation.returns, space: arrival.server.space },
    mode: 'monitor',
  };
}
