import { countFacts, type ErrorCode, type FactGroup, type Principal, type ResponsePlan } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';
import type { Allowance } from '../budget/budgets.ts';
import type { FactSink } from './body-cut.ts';
import type { Ended, RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';
import { asExposed } from './fact-groups.ts';
import { type RecordContext, recordAccess, recordEnd, recordGap } from './records.ts';

/** Facts are recorded when so many are pending. */
const MAX_PENDING_FACTS = 4_096;

/** Records what one forwarded response exposed, and what of it could not be judged (`monitor`). */
export class ExposureWriter implements FactSink {
  readonly #engine: Engine;
  readonly #request: IncomingRequest;
  readonly #context: RecordContext;
  readonly #allowance: Allowance;
  /** False: the contract does not admit the request, and so nothing that it returned. */
  readonly #isAdmitted: boolean;
  #facts: FactGroup[] = [];
  #pending = 0;
  #hasRecorded = false;
  readonly #gaps = new Set<ErrorCode>();

  constructor(
    engine: Engine,
    {
      request,
      principal,
      plan,
      isAdmitted,
    }: {
      readonly request: IncomingRequest;
      readonly principal: Principal;
      readonly plan: ResponsePlan;
      readonly isAdmitted: boolean;
    },
  ) {
    this.#engine = engine;
    this.#request = request;
    this.#isAdmitted = isAdmitted;
    this.#context = { request, principal, server: plan.server.name, operation: plan.operation, mode: 'monitor' };
    this.#allowance = engine.budgets.allowance(principal, request.peer, engine.now);
  }

  write(given: readonly FactGroup[]): void {
    if (given.length === 0) return;
    const facts = this.#isAdmitted ? given : asExposed(given);
    this.#allowance.count(facts);
    this.#facts.push(...facts);
    this.#pending += countFacts(facts);
  }

  /** Records pending facts: all if it is due, else once there are many. */
  *record({ isDue }: { readonly isDue: boolean }): RequestFlow {
    if (this.#pending > 0 && (isDue || this.#pending >= MAX_PENDING_FACTS)) yield* this.#record();
  }

  /** A response that was judged whole has at least one record. */
  *recordWhole(): RequestFlow {
    if (!this.#hasRecorded) yield* this.#record();
  }

  /** Records each code once. */
  *gap(code: ErrorCode): RequestFlow {
    if (this.#gaps.has(code)) return;
    this.#gaps.add(code);
    yield* recordGap(this.#engine, this.#request, code);
  }

  *end(ended: Ended): RequestFlow {
    if (this.#hasRecorded) yield* recordEnd(this.#engine, this.#request, ended);
  }

  *#record(): RequestFlow {
    const facts = this.#facts;
    this.#facts = [];
    this.#pending = 0;
    this.#hasRecorded = true;
    yield* recordAccess(this.#engine, this.#context, facts);
  }
}
