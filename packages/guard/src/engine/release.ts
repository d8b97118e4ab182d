import type { FactGroup, Headers } from '@leakproof/core';
import { framingOf, type FullResponse, type ResponseHead, singleHeader } from '@leakproof/http';
import { contentTypeToClient } from '../headers/content-type-to-client.ts';
import { redirectLocation } from '../headers/redirect-location.ts';
import { declaredToClient } from '../headers/declared-to-client.ts';
import { headersToClient } from '../headers/to-client.ts';
import type { RequestFlow } from './command.ts';
import { recordRefusal } from './records.ts';
import { type NotReleased, releaseBody } from './release-body.ts';
import { type AdmittedRequest, guardError, reject, respond, statusOf } from './request-context.ts';
import { ResponseWriter } from './response-writer.ts';
import { isSingleObject } from './single-object.ts';

const EMPTY = new Uint8Array();
/** Responses to a read that say that there is no object, or none for this caller. */
const ABSENT: ReadonlySet<number> = new Set([204, 205, 403, 404, 410]);

/** Decides by the status of the origin's response what is released of it. */
export function* release(context: AdmittedRequest, response: ResponseHead): RequestFlow {
  const { status } = response;
  if (ABSENT.has(status) && readsOneObject(context)) return yield* answerAbsent(context);
  if (status >= 400) return yield* replaceError(context, response);
  if (status >= 300) return yield* redirect(context, response);
  if (status < 200 || status === 206) return yield* reject(context, 502, 'LP-RESPONSE-UNREADABLE');
  if (status === 204 || status === 205 || context.plan.expected.shape.type === 'nothing')
    return yield* send(context, { status, headers: headersOf(context, response), body: EMPTY }, []);
  const head = { status, headers: headersOf(context, response, typeOf(context, response)) };
  const refused = yield* releaseBody(context, response.headers, { head, mayBeAbsent: readsOneObject(context) });
  if (refused) yield* replaceBody(context, refused);
}

function readsOneObject({ engine, request, plan }: AdmittedRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && plan.protocol === 'rest' && isSingleObject(engine.contract, plan.expected.shape);
}

/** However the origin says that there is no object, the client gets what it gets for one that is foreign. */
function* answerAbsent(context: AdmittedRequest): RequestFlow {
  const { engine, request, principal, plan } = context;
  const refused = { request, principal, server: plan.server.name, operation: plan.operation };
  yield* recordRefusal(engine, refused, 'LP-ORIGIN-ERROR');
  yield* respond(guardError(context, engine.contract.foreign));
}

function typeOf({ request }: AdmittedRequest, { headers }: ResponseHead): string {
  const value = singleHeader(headers, 'content-type') ?? 'application/json';
  return contentTypeToClient(value, framingOf(headers) ?? 'json', request.headers);
}

/** Sends an error instead of a body of which nothing was released. */
function* replaceBody(context: AdmittedRequest, refused: NotReleased): RequestFlow {
  const { engine, allowance } = context;
  if (refused.because === 'all-withheld') {
    engine.counts.refused++;
    return yield* send(context, guardError(context, engine.contract.foreign), refused.facts);
  }
  if (refused.because === 'absent') return yield* answerAbsent(context);
  if (refused.because === 'unrecorded') {
    engine.counts.refused++;
    return yield* respond(guardError(context, 503));
  }
  if (refused.because === 'budget') allowance.countRefusal();
  yield* reject(context, refused.because === 'budget' ? 429 : statusOf(refused.code), refused.code);
}

/** Records the facts, then sends the response. */
function* send(context: AdmittedRequest, { body, ...head }: FullResponse, facts: readonly FactGroup[]): RequestFlow {
  const writer = new ResponseWriter(context, context.plan, head);
  writer.write(facts, [body]);
  if ((yield* writer.end()) === 'unrecorded') yield* replaceBody(context, { because: 'unrecorded' });
}

/**
 * Replaces an error of the origin by one of the guard with the same status. It is recorded, so that it takes as long as a
 * refusal of the guard.
 */
function* replaceError(context: AdmittedRequest, response: ResponseHead): RequestFlow {
  const { engine, request, principal, plan } = context;
  const refused = { request, principal, server: plan.server.name, operation: plan.operation };
  yield* recordRefusal(engine, refused, 'LP-ORIGIN-ERROR');
  const wait = singleHeader(response.headers, 'retry-after') ?? '';
  const retry =
    [429, 503].includes(response.status) && /^[0-9]{1,9}$/.test(wait) ? { retryAfterSeconds: Number(wait) } : {};
  yield* respond(guardError(context, response.status <= 599 ? response.status : 502, retry));
}

function* redirect(context: AdmittedRequest, response: ResponseHead): RequestFlow {
  if (response.status === 304 || locationOf(context, response) === undefined)
    return yield* reject(context, 502, 'LP-RESPONSE-UNREADABLE');
  yield* send(context, { status: response.status, headers: headersOf(context, response), body: EMPTY }, []);
}

function headersOf(context: AdmittedRequest, response: ResponseHead, type?: string): Headers {
  const { status } = response;
  // Only these have a `Location` that a client follows or needs (RFC 9110 §10.2.2).
  const location = status === 201 || status >= 300 ? locationOf(context, response) : undefined;
  const headers: Headers[number][] = type === undefined ? [] : [['content-type', type]];
  const { setCookies, request, engine } = context;
  // Of two cookies of one name the client keeps the last: that of the response itself.
  const named = setCookies?.map((value): Headers[number] => ['set-cookie', value]);
  const received = named ? [...named, ...response.headers] : response.headers;
  const declared = engine.responseHeaders.get(context.plan.operation);
  headers.push(...headersToClient(received, { origin: singleHeader(request.headers, 'origin'), declared }));
  if (declared && status < 300)
    headers.push(...declaredToClient(received, declared, (target) => locate(context, target)));
  if (location !== undefined) headers.push(['location', location]);
  headers.push(...context.engine.guardHeaders);
  return headers;
}

/** A target that the origin sent, if it may be released. */
function locate({ engine, serverMatch }: AdmittedRequest, target: string | undefined): string | undefined {
  return redirectLocation(engine.contract, serverMatch.endpoint, target);
}

function locationOf(context: AdmittedRequest, { headers }: ResponseHead): string | undefined {
  return locate(context, singleHeader(headers, 'location'));
}
