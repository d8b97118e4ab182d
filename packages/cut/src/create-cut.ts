import { type CompiledContract, type ErrorCode, type Known, LeakproofError, NOTHING_KNOWN } from '@leakproof/core';
import type { CutOptions, CutPlan } from './cut-options.ts';
import { Documents, type Framing } from './documents.ts';
import { planFor, plansFor } from './layout/compile-plan.ts';
import { LIST } from './layout/tables.ts';
import { Containers } from './read/containers.ts';
import { Scanner } from './read/scanner.ts';
import { Window } from './read/window.ts';
import { ElementCutter } from './release/element-cutter.ts';
import { Elements } from './release/elements.ts';
import { ElementJudge } from './rule/element-judge.ts';
import { QuestionResolver } from './rule/question-resolver.ts';
import type { Cut, Refused, Released, Step } from './step.ts';
import { acquireWorkspace, releaseWorkspace } from './workspace.ts';

const MIB = 1_048_576;
/** Window offsets are 32-bit numbers: beyond this one they are rebased. */
const REBASE_BEYOND = 2 ** 28;
const NO_CHUNKS: readonly Uint8Array[] = [];
const MORE: Step = { type: 'more' };

/**
 * The cut of one response: the bytes that may be released, and the facts of what they expose. Equal to `seal` for every body, however
 * it is split. Refuses with LP-JSON-INVALID and LP-JSON-TOO-DEEP where reading the body throws them, and with LP-RESPONSE-TOO-LARGE
 * beyond `maxElementBytes`. Throws LP-INTERNAL if its methods are called out of order.
 */
export function createCut(contract: CompiledContract, plan: CutPlan, options: CutOptions = {}): Cut {
  return new StreamingCut(contract, plan, options);
}

class StreamingCut implements Cut {
  readonly #framing: Framing;
  readonly #monitor: boolean;
  readonly #maxElementBytes: number;
  readonly #windowBytes: number;
  readonly #window = new Window();
  readonly #workspace = acquireWorkspace();
  readonly #resolver: QuestionResolver;
  readonly #cutter: ElementCutter;
  readonly #elements: Elements;
  readonly #scanner: Scanner;
  readonly #documents: Documents;
  #isEnding = false;
  #isAsking = false;
  #hasStarted = false;
  /** `monitor`: the pushed bytes that the next step returns, and why no more of the body is judged. */
  #passed: readonly Uint8Array[] = NO_CHUNKS;
  #gap: ErrorCode | undefined;
  #isOver = false;
  #refused: Refused | undefined;

  constructor(contract: CompiledContract, { expected, principal, mode }: CutPlan, options: CutOptions) {
    const { framing = 'json', known = NOTHING_KNOWN, final = false, maxElementBytes = MIB, admits } = options;
    const { windowElements = 64, windowBytes = MIB } = options;
    const plans = plansFor(contract);
    const whole = planFor(plans, expected.shape, { narrow: expected.narrow, mapField: undefined });
    const monitor = mode === 'monitor';
    const { tape, frames, output } = this.#workspace;
    const context = { tape, window: this.#window, frames, maxElementBytes };
    this.#framing = framing;
    this.#monitor = monitor;
    this.#maxElementBytes = maxElementBytes;
    this.#windowBytes = windowBytes;
    output.isDisabled = monitor;
    this.#resolver = new QuestionResolver(contract, principal, { known, isFinal: final });
    this.#cutter = new ElementCutter(tape, output, { monitor, admits });
    this.#elements = new Elements({
      tape,
      frames,
      judge: new ElementJudge(context, this.#resolver, { principal, space: expected.space, monitor }),
      cutter: this.#cutter,
      output,
      window: this.#window,
      limits: { maxElementBytes, windowElements, windowBytes },
      streams: framing === 'json',
      monitor,
    });
    this.#scanner = new Scanner(new Containers(plans, context, this.#elements), context, maxElementBytes);
    this.#documents = new Documents({
      framing,
      plan: framing !== 'json' && whole.type === LIST && whole.of ? whole.of : whole,
      window: this.#window,
      scanner: this.#scanner,
      elements: this.#elements,
      maxElementBytes,
    });
  }

  push(bytes: Uint8Array): Step {
    if (this.#refused) return this.#refused;
    if (this.#isEnding) throw new LeakproofError('LP-INTERNAL', 'Bytes were pushed after the end of a body.');
    if (this.#isAsking) throw new LeakproofError('LP-INTERNAL', 'Bytes were pushed before the claims were answered.');
    if (this.#monitor && bytes.length > 0) this.#passed = [bytes];
    if (this.#isOver) return this.#pass();
    this.#documents.append(bytes);
    return this.#advance();
  }

  end(): Step {
    if (this.#refused) return this.#refused;
    if (this.#isEnding) throw new LeakproofError('LP-INTERNAL', 'A body was ended twice.');
    this.#isEnding = true;
    return this.#isOver ? MORE : this.#finish(this.#advance());
  }

  answer(known: Known, admissions: readonly boolean[] = []): Step {
    if (this.#refused) return this.#refused;
    if (!this.#isAsking) throw new LeakproofError('LP-INTERNAL', 'An answer was given, but no claim was asked.');
    this.#isAsking = false;
    this.#resolver.useAnswers(known);
    this.#cutter.answerAdmissions(admissions);
    this.#elements.retry();
    return this.#finish(this.#advance());
  }

  /** After the last step the next cut may use the workspace. */
  #finish(step: Step): Step {
    if (this.#isEnding && !this.#isAsking && !this.#isOver && step.type !== 'refuse') releaseWorkspace(this.#workspace);
    return step;
  }

  /** Reads until the bytes are used up or claims have to be asked. */
  #advance(): Step {
    for (;;) {
      const fault = this.#gap ?? this.#documents.read(this.#isEnding);
      if (fault && !this.#monitor) return this.#refuse(fault);
      this.#gap = fault;
      const { isFull, hasPending, withheld } = this.#elements;
      if (hasPending && (isFull || fault || this.#isEnding || this.#framing !== 'json')) {
        const { hasAsks } = this.#resolver;
        this.#elements.askAdmissions(!hasAsks);
        if (hasAsks || this.#cutter.asksAdmission) return this.#ask();
        this.#elements.force();
        continue;
      }
      if (fault) return this.#leave(fault);
      if (this.#isBufferTooLarge()) {
        if (!this.#monitor) return this.#refuse('LP-RESPONSE-TOO-LARGE');
        this.#gap = 'LP-RESPONSE-TOO-LARGE';
        continue;
      }
      if (this.#framing !== 'json' || this.#monitor) return this.#release();
      // The end of a text is released only once it is certain that nothing follows.
      if (this.#scanner.isDone && !this.#isEnding) return MORE;
      return withheld ? this.#refuseWithheld(withheld) : this.#release();
    }
  }

  /** `monitor`: returns the pushed bytes, unjudged. */
  #pass(): Step {
    const chunks = this.#passed;
    this.#passed = NO_CHUNKS;
    return chunks.length === 0 ? MORE : { type: 'release', facts: [], chunks };
  }

  /** `monitor`: no more of the body is judged. */
  #leave(gap: ErrorCode): Step {
    this.#isOver = true;
    const released = this.#collect();
    releaseWorkspace(this.#workspace);
    return { type: 'release', ...released, gap };
  }

  #isBufferTooLarge(): boolean {
    const { hasPending, needed } = this.#elements;
    return this.#window.end - needed > this.#maxElementBytes + (hasPending ? this.#windowBytes : 0);
  }

  #ask(): Step {
    this.#isAsking = true;
    this.#elements.growWindow();
    const admissions = this.#cutter.takeAdmissions();
    return { type: 'ask', asks: this.#resolver.takeAsks(), admissions, ...this.#collect() };
  }

  #release(): Step {
    const released = this.#collect();
    const { facts, chunks, unjudged } = released;
    return facts.length === 0 && chunks.length === 0 && !unjudged ? MORE : { type: 'release', ...released };
  }

  /** Takes the facts and chunks of a step, and drops bytes that are no longer needed. */
  #collect(): Released {
    if (this.#monitor) return this.#collectPassed();
    const { needed } = this.#elements;
    const facts = this.#cutter.takeFacts();
    const chunks = this.#workspace.output.take(this.#window);
    this.#drop(needed);
    if (chunks.length > 0) this.#hasStarted = true;
    return { facts, chunks };
  }

  #collectPassed(): Released {
    const chunks = this.#passed;
    this.#passed = NO_CHUNKS;
    const { needed } = this.#elements;
    const facts = this.#cutter.takeFacts();
    const unjudged = this.#cutter.takeUnjudged();
    this.#drop(needed);
    return unjudged.length > 0 ? { facts, chunks, unjudged } : { facts, chunks };
  }

  #drop(needed: number): void {
    this.#window.drop(needed);
    if (this.#window.start > REBASE_BEYOND && !this.#elements.hasPending) this.#rebase();
  }

  #rebase(): void {
    const by = this.#window.start;
    this.#window.rebase(by);
    this.#workspace.tape.rebase(by);
    this.#scanner.rebase(by);
    this.#elements.rebase(by);
  }

  #refuse(code: ErrorCode): Refused {
    const because = code === 'LP-RESPONSE-TOO-LARGE' ? 'too-large' : 'unreadable';
    return this.#stop({ because, code, facts: [] });
  }

  #refuseWithheld(withheld: 'all' | 'misshapen'): Refused {
    const facts = this.#cutter.takeFacts();
    return withheld === 'all'
      ? this.#stop({ because: 'gone', code: 'LP-CALLER-NOT-ALLOWED', facts })
      : this.#stop({ because: 'misshapen', code: 'LP-BODY-MISSHAPEN', facts });
  }

  #stop(refused: Omit<Refused, 'type' | 'started'>): Refused {
    this.#refused = { type: 'refuse', ...refused, started: this.#hasStarted };
    releaseWorkspace(this.#workspace);
    return this.#refused;
  }
}
