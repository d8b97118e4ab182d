import type { EpochMs, Known, OwnerRef } from '@leakproof/core';
import { createCut, type Cut, type Refused, type Step } from '@leakproof/cut';
import type { Framing } from '@leakproof/http';
import { publicOnly } from '../budget/public-only.ts';
import type { RequestFlow } from './command.ts';
import { endsWithRecord } from './ends-with-record.ts';
import { LookupSession } from './lookup-session.ts';
import type { AdmittedRequest } from './request-context.ts';
import type { ResponseWriter } from './response-writer.ts';

/** Cuts the body of one response, and asks the lookups that the cut needs. */
export class BodyCut {
  readonly #context: AdmittedRequest;
  readonly #framing: Framing;
  #cut: Cut;
  #lookups: LookupSession;
  readonly #known: Known = { get: (claim) => this.#lookups.getAt(claim, this.#nowMs) };
  /** The time of the current step: cached answers are valid, and owners are counted, as of this time. */
  #nowMs: EpochMs;
  #isOverBudget = false;

  constructor(context: AdmittedRequest, framing: Framing) {
    this.#context = context;
    this.#framing = framing;
    this.#lookups = context.lookups;
    this.#nowMs = context.engine.now();
    this.#cut = this.#createCut();
  }

  /** Cuts the next part of the body into `writer`; returns why the body is refused, if it is. */
  *write(
    { chunks, isLast }: { chunks: readonly Uint8Array[]; isLast: boolean },
    writer: ResponseWriter,
  ): RequestFlow<Refused | undefined> {
    for (const chunk of chunks) {
      this.#nowMs = this.#context.engine.now();
      const refused = yield* this.#complete(this.#cut.push(chunk), writer);
      if (refused) return refused;
      if (endsWithRecord(chunk, this.#framing)) this.#restart();
    }
    if (!isLast) return undefined;
    this.#nowMs = this.#context.engine.now();
    return yield* this.#complete(this.#cut.end(), writer);
  }

  /** True if a budget withheld something, and either was spent before this request or leaves nothing of the response. */
  isBudgetSpent(refused: Refused | undefined): boolean {
    return this.#isOverBudget && (this.#context.allowance.level.step === '429' || refused?.because === 'gone');
  }

  *#complete(first: Step, writer: ResponseWriter): RequestFlow<Refused | undefined> {
    for (let step = first; ;) {
      if (step.type === 'more') return undefined;
      if (step.type === 'refuse') return step;
      writer.write(step.facts, step.chunks);
      if (step.type === 'release') return undefined;
      yield* this.#lookups.ask(this.#context.plan.server, step.asks);
      this.#nowMs = this.#context.engine.now();
      step = this.#cut.answer(this.#known, step.admissions.map(this.#admits));
    }
  }

  /**
   * Budgets in this process answer at once. Budgets elsewhere would leave it to be asked (`ask`), and answer in the round of the
   * lookups.
   */
  readonly #admits = (owners: readonly OwnerRef[]): boolean => {
    const isAdmitted = this.#context.allowance.admits(owners, this.#nowMs);
    this.#isOverBudget ||= !isAdmitted;
    return isAdmitted;
  };

  /** Forgets the answers of lookups between two records: a stream may last for hours, longer than an answer is valid. */
  #restart(): void {
    this.#lookups = new LookupSession(this.#context.engine);
    this.#cut = this.#createCut();
  }

  #createCut(): Cut {
    const { engine, allowance, plan } = this.#context;
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
        admits: this.#admits,
      },
    );
  }
}
