import type { ServerMatch, ErrorCode, FactGroup, Headers, ResponsePlan } from '@leakproof/core';
import type { Allowance } from '../budget/budgets.ts';
import { mayLeave } from '../headers/to-client.ts';
import { ownAnswer } from './own-answer.ts';
import { redirectLocation } from '../headers/redirect-location.ts';
import type { LookupSession } from '../lookup/lookup-session.ts';
import { perform, type RequestFlow } from './command.ts';
import { type ResponseHead, type FullResponse, singleHeader } from '@leakproof/http';
import { Outflow } from './outflow.ts';
import { recordRefusal } from './records.ts';
import { type NotReleased, releaseBody } from './release-body.ts';
import { type RequestContext, reject } from './request-context.ts';

/** A request whose answer may leave, as far as its plan goes. */
export interface Released extends RequestContext {
  readonly serverMatch: ServerMatch;
  readonly allowance: Allowance;
  readonly plan: ResponsePlan;
  readonly answers: LookupSession;
}

const EMPTY = new Uint8Array();

/** What of an origin's response leaves, and in which form. */
export function* release(trip: Released, response: ResponseHead): RequestFlow {
  const { status } = response;
  if (status >= 400) return yield* replaceError(trip, response);
  if (status >= 300) return yield* redirect(trip, response);
  if (status < 200 || status === 206) return yield* reject(trip, 502, 'LP-RESPONSE-UNREADABLE');
  if (status === 204 || status === 205 || trip.plan.expected.shape.type === 'nothing')
    return yield* send(trip, { status, headers: headersOf(trip, response), body: EMPTY }, []);
  const type = singleHeader(response.headers, 'content-type') ?? 'application/json';
  const head = { status, headers: headersOf(trip, response, type) };
  const refused = yield* releaseBody(trip, response.headers, head);
  if (refused) yield* refuse(trip, refused);
}

/** Answers in the place of a body of which nothing has left. */
function* refuse(trip: Released, refused: NotReleased): RequestFlow {
  const { engine, allowance } = trip;
  if (refused.because === 'gone') {
    engine.counts.refused++;
    return yield* send(trip, own(trip, engine.contract.foreign), refused.facts);
  }
  if (refused.because === 'unrecorded') {
    engine.counts.refused++;
    return yield* justAnswer(own(trip, 503));
  }
  if (refused.because === 'budget') allowance.noteRefusal();
  yield* reject(trip, refused.because === 'budget' ? 429 : 502, refused.code);
}

/** Nothing leaves before the log has it. */
function* send(trip: Released, answer: FullResponse, facts: readonly FactGroup[]): RequestFlow {
  const outflow = new Outflow(trip, trip.plan, answer);
  outflow.put(facts, [answer.body]);
  if ((yield* outflow.end()) === 'unrecorded') yield* refuse(trip, { because: 'unrecorded' });
}

function* justAnswer(answer: FullResponse): RequestFlow {
  yield* perform({ do: 'answer', answer });
}

/** An error of the origin becomes ours: same status, nothing of its words. Recorded, so that it takes as long as our own. */
function* replaceError(trip: Released, response: ResponseHead): RequestFlow {
  const { engine, request, principal, plan } = trip;
  const code: ErrorCode = 'LP-ORIGIN-ERROR';
  yield* recordRefusal(engine, { request, principal, server: plan.server.name, operation: plan.operation }, code);
  const wait = singleHeader(response.headers, 'retry-after') ?? '';
  const retry =
    [429, 503].includes(response.status) && /^[0-9]{1,9}$/.test(wait) ? { retryAfterSeconds: Number(wait) } : {};
  yield* justAnswer(own(trip, response.status <= 599 ? response.status : 502, retry));
}

function* redirect(trip: Released, response: ResponseHead): RequestFlow {
  const location = redirectLocation(
    trip.engine.contract,
    trip.serverMatch.endpoint,
    singleHeader(response.headers, 'location'),
  );
  if (response.status === 304 || location === undefined) return yield* reject(trip, 502, 'LP-RESPONSE-UNREADABLE');
  yield* send(trip, { status: response.status, headers: headersOf(trip, response), body: EMPTY }, []);
}

function headersOf({ engine, serverMatch }: Released, response: ResponseHead, type?: string): Headers {
  const location = redirectLocation(engine.contract, serverMatch.endpoint, singleHeader(response.headers, 'location'));
  const headers: Headers[number][] = type === undefined ? [] : [['content-type', type]];
  for (const header of response.headers) if (mayLeave(header)) headers.push(header);
  if (location !== undefined) headers.push(['location', location]);
  headers.push(...engine.ownHeaders);
  return headers;
}

function own(trip: RequestContext, status: number, more: { retryAfterSeconds?: number } = {}): FullResponse {
  const { engine, serverMatch } = trip;
  return ownAnswer(status, {
    graphql: serverMatch?.protocol === 'graphql',
    ownHeaders: engine.ownHeaders,
    ...more,
  });
}
