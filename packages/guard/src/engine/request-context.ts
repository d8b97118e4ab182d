import type { ServerMatch, ErrorCode, Principal, Refusal, Route } from '@leakproof/core';
import type { Allowance } from '../budget/budgets.ts';
import { ownAnswer } from './own-answer.ts';
import { perform, type RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import type { IncomingRequest } from '@leakproof/http';
import { recordRefusal } from './records.ts';

/** One request in `enforce`: what the steps of its way have found so far. */
export interface RequestContext {
  readonly engine: Engine;
  readonly request: IncomingRequest;
  /** Where it goes, or why nowhere. */
  readonly route: Route | Refusal;
  readonly serverMatch: ServerMatch | undefined;
  readonly principal: Principal;
  readonly allowance?: Allowance;
  readonly operation?: string;
}

/** Answers without the origin's body, and says so in the log. */
export function* reject(trip: RequestContext, status: number, code: ErrorCode): RequestFlow {
  const { engine, request, serverMatch, principal, operation } = trip;
  engine.counts.refused++;
  yield* recordRefusal(engine, { request, principal, server: serverMatch?.server.name, operation }, code);
  const retry = status === 429 && trip.allowance ? { retryAfterSeconds: trip.allowance.retryAfterSeconds() } : {};
  const style = { graphql: serverMatch?.protocol === 'graphql', ownHeaders: engine.ownHeaders, ...retry };
  yield* perform({ do: 'answer', answer: ownAnswer(status, style) });
}
