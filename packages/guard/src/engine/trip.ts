import type { Arrival, ErrorCode, Principal, Refusal, Route } from '@leakproof/core';
import type { Allowance } from '../budget/budgets.ts';
import { ownAnswer } from '../http/own-answer.ts';
import { order, type Passage } from './command.ts';
import type { Engine } from './engine.ts';
import type { Incoming } from './message.ts';
import { recordRefusal } from './records.ts';

/** One request in `enforce`: what the steps of its way have found so far. */
export interface Trip {
  readonly engine: Engine;
  readonly request: Incoming;
  /** Where it goes, or why nowhere. */
  readonly route: Route | Refusal;
  readonly arrival: Arrival | undefined;
  readonly principal: Principal;
  readonly allowance?: Allowance;
  readonly operation?: string;
}

/** Answers without the origin's body, and says so in the log. */
export function* turnAway(trip: Trip, status: number, code: ErrorCode): Passage {
  const { engine, request, arrival, principal, operation } = trip;
  engine.counts.refused++;
  yield* recordRefusal(engine, { request, principal, server: arrival?.server.name, operation }, code);
  const retry = status === 429 && trip.allowance ? { retryAfterSeconds: trip.allowance.retryAfterSeconds() } : {};
  const style = { graphql: arrival?.protocol === 'graphql', ownHeaders: engine.ownHeaders, ...retry };
  yield* order({ do: 'answer', answer: ownAnswer(status, style) });
}
