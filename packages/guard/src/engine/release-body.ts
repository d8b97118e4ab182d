import { createCut, type Cut, type Refused, type Step } from '@leakproof/cut';
import type { EpochMs, ErrorCode, FactGroup, Headers, Known, ResponsePlan } from '@leakproof/core';
import type { Allowance } from '../budget/budgets.ts';
import { publicOnly } from '../budget/public-only.ts';
import { codingsOf, type Framing, framingOf, type ResponseHead } from '@leakproof/http';
import { endsWhole } from './whole-records.ts';
import { LookupSession } from '../lookup/lookup-session.ts';
import { perform, type RequestFlow } from './command.ts';
import { Outflow } from './outflow.ts';
import type { RequestContext } from './request-context.ts';

/** Why nothing of a body has left. */
export type NotReleased =
  | { readonly because: 'gone'; readonly facts: readonly FactGroup[] }
  | { readonly because: 'unrecorded' }
  | { readonly because: 'budget' | 'unreadable'; readonly code: ErrorCode };

interface Releasing extends RequestContext {
  readonly allowance: Allowance;
  readonly plan: ResponsePlan;
  readonly answers: LookupSession;
}

/** Facts that wait to be written with what they speak of. */
const MAX_WAITING_FACTS = 4_096;

/**
 * Cuts the opened body as it comes, and lets what is allowed leave, once it is recorded. Answers why, if something else is to
 * be answered in its place; what goes wrong after the first bytes have left breaks the connection off.
 */
export function* releaseBody(
  trip: Releasing,
  headers: Headers,
  head: ResponseHead,
): RequestFlow<NotReleased | undefined> {
  const framing = framingOf(headers);
  const codings = codingsOf(headers);
  if (!framing || codings === 'unreadable' || (framing !== 'json' && trip.plan.protocol === 'graphql'))
    return { because: 'unreadable', code: 'LP-RESPONSE-UNREADABLE' };
  const { counts, limits } = trip.engine;
  const body = new BodyCut(trip, framing);
  const outflow = new Outflow(trip, trip.plan, head);
  const maxBytes = isBuffered(trip, framing) ? limits.maxBodyBytes : Infinity;
  for (let readBytes = 0; ;) {
    const part = yield* perform({ do: 'pull', codings });
    if ('failed' in part) return yield* stopped(trip, outflow, { because: 'unreadable', code: part.failed });
    for (const chunk of part.chunks) readBytes += chunk.length;
    if (readBytes > maxBytes)
      return yield* stopped(trip, outflow, { because: 'unreadable', code: 'LP-RESPONSE-TOO-LARGE' });
    const refused = yield* body.take(part, outflow);
    const why = body.isBudgetSpent(refused) && !outflow.hasStarted ? SPENT : refused && whyOf(refused, outflow);
    if (why) return yield* stopped(trip, outflow, why);
    const wasHeld = !outflow.hasStarted;
    const went = part.isLast
      ? yield* outflow.end()
      : isDue(outflow, framing, { maxBytes, maxWholeBytes: limits.maxWholeBytes })
        ? yield* outflow.flush()
        : 'going';
    if (wasHeld && outflow.hasStarted) counts.released++;
    if (went === 'unrecorded') return yield* stopped(trip, outflow, { because: 'unrecorded' });
    if (went === 'gone') return yield* stopped(trip, outflow, { because: 'unreadable', code: 'LP-ORIGIN-CUT-OFF' });
    if (part.isLast) return undefined;
  }
}

const SPENT: NotReleased = { because: 'budget', code: 'LP-BUDGET-SPENT' };

/** Whether nothing leaves before all has been judged. HTTP/1.0 cannot tell an answer that broke off from one that ended. */
function isBuffered({ allowance, request }: Releasing, framing: Framing): boolean {
  return request.httpVersion === '1.0' || (framing === 'json' && allowance.level.step === '429');
}

function isDue(
  outflow: Outflow,
  framing: Framing,
  { maxBytes, maxWholeBytes }: { maxBytes: number; maxWholeBytes: number },
): boolean {
  if (maxBytes < Infinity) return false;
  if (framing !== 'json' || outflow.hasStarted || outflow.waitingFacts >= MAX_WAITING_FACTS) return true;
  return outflow.waitingBytes > maxWholeBytes;
}

function whyOf({ because, code, facts }: Refused, outflow: Outflow): NotReleased {
  return because === 'gone' ? { because, facts: [...outflow.takeFacts(), ...facts] } : { because: 'unreadable', code };
}

function* stopped(trip: RequestContext, outflow: Outflow, why: NotReleased): RequestFlow<NotReleased | undefined> {
  if (!outflow.hasStarted) return why;
  trip.engine.counts.brokenOff++;
  yield* outflow.breakOff();
  return undefined;
}

/** The cut of one body, and what it asks. */
class BodyCut {
  readonly #trip: Releasing;
  readonly #framing: Framing;
  #cut: Cut;
  #answers: LookupSession;
  readonly #known: Known = { get: (claim) => this.#answers.getAt(claim, this.#nowMs) };
  /** The time of the step under way: its facts are believed, and its owners counted, as of then. */
  #nowMs: EpochMs;
  #isOverBudget = false;

  constructor(trip: Releasing, framing: Framing) {
    this.#trip = trip;
    this.#framing = framing;
    this.#answers = trip.answers;
    this.#nowMs = trip.engine.now();
    this.#cut = this.#begin();
  }

  /** Cuts a part of the body; why it refuses, if it does. */
  *take(
    { chunks, isLast }: { chunks: readonly Uint8Array[]; isLast: boolean },
    outflow: Outflow,
  ): RequestFlow<Refused | undefined> {
    for (const chunk of chunks) {
      this.#nowMs = this.#trip.engine.now();
      const refused = yield* this.#settle(this.#cut.push(chunk), outflow);
      if (refused) return refused;
      if (endsWhole(chunk, this.#framing)) this.#renew();
    }
    if (!isLast) return undefined;
    this.#nowMs = this.#trip.engine.now();
    return yield* this.#settle(this.#cut.end(), outflow);
  }

  /** A budget that refuses was full before this request, or left nothing of its answer. */
  isBudgetSpent(refused: Refused | undefined): boolean {
    return this.#isOverBudget && (this.#trip.allowance.level.step === '429' || refused?.because === 'gone');
  }

  *#settle(first: Step, outflow: Outflow): RequestFlow<Refused | undefined> {
    for (let step = first; ;) {
      if (step.type === 'more') return undefined;
      if (step.type === 'refuse') return step;
      outflow.put(step.facts, step.chunks);
      if (step.type === 'release') return undefined;
      yield* this.#answers.ask(this.#trip.plan.server, step.asks);
      this.#nowMs = this.#trip.engine.now();
      step = this.#cut.answer(this.#known);
    }
  }

  /** A stream may go on for hours: what was believed of its first records is not believed of the next for longer. */
  #renew(): void {
    this.#answers = new LookupSession(this.#trip.engine);
    this.#cut = this.#begin();
  }

  #begin(): Cut {
    const { engine, allowance, plan } = this.#trip;
    const { maxElementBytes, maxBodyBytes } = engine.limits;
    const { type } = plan.expected.shape;
    return createCut(
      allowance.level.publicOnly ? publicOnly(engine.contract) : engine.contract,
      { expected: plan.expected, principal: plan.principal, mode: 'enforce' },
      {
        framing: this.#framing,
        known: this.#known,
        maxElementBytes: type === 'any' || type === 'plain' ? maxBodyBytes : maxElementBytes,
        windowBytes: maxElementBytes,
        admits: (owners) => {
          const isAdmitted = allowance.admits(owners, this.#nowMs);
          this.#isOverBudget ||= !isAdmitted;
          return isAdmitted;
        },
      },
    );
  }
}
