import {
  type CompiledContract,
  type ErrorCode,
  type Expectation,
  type Known,
  LeakproofError,
  type Mode,
  NOTHING_KNOWN,
  type Principal,
} from '@leakproof/core';
import { Answers } from './rule/answers.ts';
import { type Admits, Cutter } from './release/cut-element.ts';
import { Documents } from './read/documents.ts';
import { Elements } from './release/elements.ts';
import type { Framing } from './read/framing.ts';
import { Judge } from './rule/judge-element.ts';
import type { Output } from './release/output.ts';
import { planFor, plansFor } from './layout/compile-plan.ts';
import { LIST } from './layout/tables.ts';
import { Containers } from './read/containers.ts';
import { Scanner } from './read/scanner.ts';
import type { Cut, Refused, Released, Step } from './step.ts';
import { Window } from './read/window.ts';
import { giveBack, takeWorkspace } from './workspace.ts';

/** What of a `ResponsePlan` a cut goes by. */
export interface CutPlan {
  readonly expected: Expectation;
  readonly principal: Principal;
  readonly mode: Mode;
}

export interface CutOptions {
  /** Default: `json`. Of `ndjson` and `sse` every text is an element of the list that is expected, or what is expected. */
  readonly framing?: Framing;
  /** What is known before anything is asked. */
  readonly known?: Known;
  /** Ask nothing: what is not known now will not be known later. */
  readonly final?: boolean;
  /** Asked once for each object with owners that would leave, in document order: false withholds it (a budget is spent). */
  readonly admits?: Admits;
  /** Most bytes of one element, and so of what is kept at a time. A larger one is refused. Default: 1 MiB. */
  readonly maxElementBytes?: number;
  /** Elements held back to ask for them together at first; each time twice as many, up to 16 times. Default: 64. */
  readonly windowElements?: number;
  /** Most bytes that are held back so. Default: 1 MiB. */
  readonly windowBytes?: number;
}

const MIB = 1_048_576;
/** The window's places begin anew when they grow beyond this: they stand in 32 bits. */
const REBASE_AT = 2 ** 28;

/**
 * The cut of one response: bytes in, bytes out, with the facts of what they give away. Equal to `seal` for every body, and for
 * every way to split it. Where reading the body throws LP-JSON-INVALID or LP-JSON-TOO-DEEP it refuses with that code; so it
 * does with LP-RESPONSE-TOO-LARGE, beyond `maxElementBytes`. Throws LP-INTERNAL if it is pushed out of turn.
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
  readonly #workspace = takeWorkspace();
  readonly #output: Output;
  readonly #answers: Answers;
  readonly #cutter: Cutter;
  readonly #elements: Elements;
  readonly #scanner: Scanner;
  readonly #documents: Documents;
  #isEnding = false;
  #isAsking = false;
  #hasStarted = false;
  #gap: ErrorCode | undefined;
  #refused: Refused | undefined;

  constructor(contract: CompiledContract, { expected, principal, mode }: CutPlan, options: CutOptions) {
    const { framing = 'json', known = NOTHING_KNOWN, final = false, maxElementBytes = MIB } = options;
    const { windowElements = 64, windowBytes = MIB } = options;
    const plans = plansFor(contract);
    const whole = planFor(plans, expected.shape, expected.narrow);
    const monitor = mode === 'monitor';
    const { tape, frames, output } = this.#workspace;
    const place = { tape, window: this.#window, frames, maxElementBytes };
    this.#framing = framing;
    this.#monitor = monitor;
    this.#maxElementBytes = maxElementBytes;
    this.#windowBytes = windowBytes;
    this.#output = output;
    output.isIdle = monitor;
    this.#answers = new Answers(contract, principal, known, final);
    this.#cutter = new Cutter(tape, this.#output, monitor, options.admits);
    this.#elements = new Elements({
      tape,
      frames,
      judge: new Judge(place, this.#answers, { principal, space: expected.space, monitor }),
      cutter: this.#cutter,
      output: this.#output,
      limits: { maxElementBytes, windowElements, windowBytes },
      flows: framing === 'json',
      monitor,
    });
    this.#scanner = new Scanner(new Containers(plans, place, this.#elements), place, maxElementBytes);
    this.#documents = new Documents({
      framing,
      plan: framing !== 'json' && whole.kind === LIST && whole.of ? whole.of : whole,
      window: this.#window,
      scanner: this.#scanner,
      elements: this.#elements,
      maxElementBytes,
    });
  }

  push(bytes: Uint8Array): Step {
    if (this.#refused) return this.#refused;
    if (this.#isEnding) throw new LeakproofError('LP-INTERNAL', 'Bytes were pushed after the end of a body.');
    if (this.#monitor) return this.#watch(bytes);
    if (this.#isAsking) throw new LeakproofError('LP-INTERNAL', 'Bytes were pushed while an answer was due.');
    this.#documents.take(bytes);
    return this.#work();
  }

  end(): Step {
    if (this.#refused) return this.#refused;
    if (this.#isEnding) throw new LeakproofError('LP-INTERNAL', 'A body was ended twice.');
    this.#isEnding = true;
    return this.#finish(this.#monitor ? this.#watch(undefined) : this.#work());
  }

  answer(known: Known): Step {
    if (this.#refused) return this.#refused;
    if (!this.#isAsking) throw new LeakproofError('LP-INTERNAL', 'An answer was given that nothing asked for.');
    this.#isAsking = false;
    this.#answers.know(known);
    this.#elements.retry();
    return this.#finish(this.#monitor ? this.#watch(undefined) : this.#work());
  }

  /** After the last step nothing is used any more: the next cut may have the workspace. */
  #finish(step: Step): Step {
    if (this.#isEnding && !this.#isAsking && step.type !== 'refuse') giveBack(this.#workspace);
    return step;
  }

  /** Goes on until the bytes are used up, or something has to be asked. */
  #work(): Step {
    for (;;) {
      const fault = this.#documents.read(this.#isEnding);
      if (fault) return this.#refuse(fault);
      const { isFull, isHolding, needed, lost } = this.#elements;
      if (isHolding && (isFull || this.#isEnding || this.#framing !== 'json')) {
        if (this.#answers.hasAsks) return this.#ask([]);
        this.#elements.force();
        continue;
      }
      if (this.#window.end - needed > this.#maxElementBytes + (isHolding ? this.#windowBytes : 0))
        return this.#refuse('LP-RESPONSE-TOO-LARGE');
      if (this.#framing !== 'json') return this.#release([]);
      // What a text ends with leaves once it is sure that nothing follows.
      if (this.#scanner.isDone && !this.#isEnding) return { type: 'more' };
      return lost ? this.#refuse(lost) : this.#release([]);
    }
  }

  /** `monitor`: whatever comes passes at once, and facts follow. */
  #watch(bytes: Uint8Array | undefined): Step {
    if (bytes && !this.#gap) this.#documents.take(bytes);
    const fault = this.#gap ? undefined : this.#readOn();
    const passed = bytes && bytes.length > 0 ? [bytes] : [];
    const isDue = this.#isEnding || this.#elements.holdsWindow || this.#framing !== 'json';
    if (isDue && this.#answers.hasAsks && !this.#gap && !this.#isAsking) return this.#ask(passed);
    return fault ? { type: 'release', ...this.#taken(passed), gap: fault } : this.#release(passed);
  }

  /** Reads all there is; what cannot be held any longer is judged by what is known. The code, if it cannot go on. */
  #readOn(): ErrorCode | undefined {
    for (;;) {
      let fault = this.#documents.read(this.#isEnding);
      const { isFull, isHolding, needed } = this.#elements;
      const most = this.#maxElementBytes + (isHolding ? this.#windowBytes : 0);
      if (!fault && this.#window.end - needed > most) fault = 'LP-RESPONSE-TOO-LARGE';
      if (fault) this.#gap = fault;
      if (!fault && !isFull) return undefined;
      this.#elements.force();
      if (fault) return fault;
    }
  }

  #ask(passed: readonly Uint8Array[]): Step {
    this.#isAsking = true;
    this.#elements.widen();
    return { type: 'ask', asks: this.#answers.takeAsks(), ...this.#taken(passed) };
  }

  #release(passed: readonly Uint8Array[]): Step {
    const { facts, chunks } = this.#taken(passed);
    return facts.length === 0 && chunks.length === 0 ? { type: 'more' } : { type: 'release', facts, chunks };
  }

  #taken(passed: readonly Uint8Array[]): Released {
    const { needed } = this.#elements;
    const facts = this.#cutter.takeFacts();
    const chunks = this.#monitor ? passed : this.#output.take(this.#window);
    this.#window.drop(needed);
    if (this.#window.start > REBASE_AT && !this.#elements.isHolding) this.#rebase();
    if (chunks.length > 0) this.#hasStarted = true;
    return { facts, chunks };
  }

  #rebase(): void {
    const by = this.#window.start;
    this.#window.rebase(by);
    this.#workspace.tape.rebase(by);
    this.#scanner.rebase(by);
    this.#elements.rebase(by);
  }

  #refuse(because: 'gone' | 'misshapen' | ErrorCode): Refused {
    const isLost = because === 'gone' || because === 'misshapen';
    const code = isLost ? (because === 'gone' ? 'LP-CALLER-NOT-ALLOWED' : 'LP-BODY-MISSHAPEN') : because;
    const reason = isLost ? because : because === 'LP-RESPONSE-TOO-LARGE' ? 'too-large' : 'unreadable';
    const facts = isLost ? this.#cutter.takeFacts() : [];
    this.#refused = { type: 'refuse', because: reason, code, facts, started: this.#hasStarted };
    giveBack(this.#workspace);
    return this.#refused;
  }
}
