import type { ErrorCode, Principal, Refusal, ResponsePlan, Route, ServerMatch } from '@leakproof/core';
import type { FullResponse, IncomingRequest } from '@leakproof/http';
import type { Allowance } from '../budget/budgets.ts';
import { perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { errorResponse } from './error-response.ts';
import type { LookupSession } from './lookup-session.ts';
import { recordRefusal } from './records.ts';

/** What is known of one request in `enforce`. */
export interface RequestContext {
  readonly engine: Engine;
  readonly request: IncomingRequest;
  /** Server and operation, or why there is none. */
  readonly route: Route | Refusal;
  readonly serverMatch: ServerMatch | undefined;
  readonly principal: Principal;
  /** Values of `Set-Cookie` with which the origin named this caller, for this request. */
  readonly setCookies?: readonly string[];
  readonly allowance?: Allowance;
  readonly operation?: string;
}

/** A request that the contract admits: its response may be released as far as `plan` allows. */
export interface AdmittedRequest extends RequestContext {
  readonly serverMatch: ServerMatch;
  readonly allowance: Allowance;
  readonly plan: ResponsePlan;
  readonly lookups: LookupSession;
}

/** Responds with an error of the guard, and records the refusal. */
export function* reject(context: RequestContext, status: number, code: ErrorCode): RequestFlow {
  const { engine, request, serverMatch, principal, operation, allowance } = context;
  engine.counts.refused++;
  engine.notices.refused(code);
  yield* recordRefusal(engine, { request, principal, server: serverMatch?.server.name, operation }, code);
  yield* respond(guardError(context, status, retryAfter(status, allowance)));
}

function retryAfter(status: number, allowance: Allowance | undefined): { readonly retryAfterSeconds?: number } {
  if (status === 503) return { retryAfterSeconds: 1 };
  return status === 429 && allowance ? { retryAfterSeconds: allowance.retryAfterSeconds() } : {};
}

/** The status of a request that could not be answered for this reason. */
export function statusOf(code: ErrorCode): 502 | 503 {
  return code === 'LP-ORIGIN-BUSY' || code === 'LP-KEYS-UNAVAILABLE' ? 503 : 502;
}

/** An error of the guard, in the form of the request's protocol. */
export function guardError(
  { engine, serverMatch }: RequestContext,
  status: number,
  options: { readonly retryAfterSeconds?: number } = {},
): FullResponse {
  const graphql = serverMatch?.protocol === 'graphql';
  return errorResponse(status, { graphql, guardHeaders: engine.guardHeaders, ...options });
}

/** Sends a whole response of the guard itself. */
export function* respond({ status, headers, body }: FullResponse): RequestFlow {
  yield* perform({ do: 'respond', head: { status, headers }, chunks: [body] });
}
