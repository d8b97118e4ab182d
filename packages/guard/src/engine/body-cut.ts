import type {
  CompiledContract,
  EpochMs,
  ErrorCode,
  FactGroup,
  Known,
  Mode,
  OwnerRef,
  ResponsePlan,
} from '@leakproof/core';
import { createCut, type Cut, type Refused, type Released, type Step } from '@leakproof/cut';
import type { BodyPart, Framing } from '@leakproof/http';
import type { RequestFlow } from './command.ts';
import { endsWithRecord } from './ends-with-record.ts';
import type { Engine } from './engine.ts';
import { LookupSession } from './lookup-session.ts';

/** A body to be cut, and by what. */
export interface BodyCutOptions {
  readonly engine: Engine;
  readonly contract: CompiledContract;
  readonly plan: Pick<ResponsePlan, 'server' | 'expected' | 'principal'>;
  readonly mode: Mode;
  readonly framing: Framing;
  readonly lookups: LookupSession;
  /** Called once for each object with owners that would be released; false withholds it. Not called in `monitor`. */
  readonly admits?: (owners: readonly OwnerRef[], nowMs: EpochMs) => boolean;
}

/** Receives facts, and in `enforce` the bytes that they describe. */
export interface FactSink {
  write(facts: readonly FactGroup[], chunks: readonly Uint8Array[]): void;
}

/** Cuts the body of one response, and asks the lookups that the cut needs. */
export class BodyCut {
  readonly #options: BodyCutOptions;
  readonly #sink: FactSink;
  #cut: Cut;
  #lookups: LookupSession;
  readonly #known: Known = { get: (claim) => this.#lookups.getAt(claim, this.#nowMs) };
  /** The time of the current step: cached answers are valid, and owners are counted, as of this time. */
  #nowMs: EpochMs;
  /** `monitor`: why some of the body passed without a fact. */
  readonly unjudged = new Set<ErrorCode>();
  /** `monitor`: why no more of the body is judged. */
  gap: ErrorCode | undefined;

  constructor(options: BodyCutOptions, sink: FactSink) {
    this.#options = options;
    this.#sink = sink;
    this.#lookups = options.lookups;
    this.#nowMs = options.engine.now();
    this.#cut = this.#createCut();
  }

  /** Cuts the next part of the body; returns why the body is refused, if it is. */
  *write({ chunks, isLast }: Exclude<BodyPart, { failed: ErrorCode }>): RequestFlow<Refused | undefined> {
    for (const chunk of chunks) {
      this.#nowMs = this.#options.engine.now();
      const refused = yield* this.#complete(this.#cut.push(chunk));
      if (refused) return refused;
      if (endsWithRecord(chunk, this.#options.framing)) this.#restart();
    }
    if (!isLast) return undefined;
    this.#nowMs = this.#options.engine.now();
    return yield* this.#complete(this.#cut.end());
  }

  *#complete(first: Step): RequestFlow<Refused | undefined> {
    for (let step = first; ;) {
      if (step.type === 'more') return undefined;
      if (step.type === 'refuse') return step;
      this.#take(step);
      if (step.type === 'release') return undefined;
      yield* this.#lookups.ask(this.#options.plan.server, step.asks);
      this.#nowMs = this.#options.engine.now();
      step = this.#cut.answer(this.#known, step.admissions.map(this.#admits));
    }
  }

  #take({ facts, chunks, unjudged, gap }: Released): void {
    this.#sink.write(facts, chunks);
    if (unjudged) for (const code of unjudged) this.unjudged.add(code);
    this.gap ??= gap;
  }

  /**
   * Budgets in this process answer at once. Budgets elsewhere would leave it to be asked (`ask`), and answer in the round of the
   * lookups.
   */
  readonly #admits = (owners: readonly OwnerRef[]): boolean => this.#options.admits?.(owners, this.#nowMs) ?? true;

  /** Forgets the answers of lookups between two records: a stream may last for hours, longer than an answer is valid. */
  #restart(): void {
    if (this.gap) return;
    this.#lookups = new LookupSession(this.#options.engine);
    this.#cut = this.#createCut();
  }

  #createCut(): Cut {
    const { engine, contract, plan, mode, framing } = this.#options;
    const { maxElementBytes, maxBodyBytes } = engine.limits;
    const { type } = plan.expected.shape;
    return createCut(
      contract,
      { expected: plan.expected, principal: plan.principal, mode },
      {
        framing,
        known: this.#known,
        maxElementBytes: type === 'any' || type === 'plain' ? maxBodyBytes : maxElementBytes,
        windowBytes: maxElementBytes,
        admits: this.#admits,
      },
    );
  }
}
