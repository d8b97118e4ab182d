import { type EpochMs, type ErrorCode, isSameCaller } from '@leakproof/core';
import { perform, type RequestFlow } from './command.ts';
import type { RequestContext } from './request-context.ts';

/** Identifies the caller of a stream again from time to time: a stream may last longer than its token, session or API key. */
export class CallerCheck {
  readonly #context: RequestContext;
  #checkedMs: EpochMs;

  constructor(context: RequestContext) {
    this.#context = context;
    this.#checkedMs = context.engine.now();
  }

  /**
   * Why the stream may not go on, once `reidentifyMs` have passed since the last check. A caller who cannot be identified now, or
   * whom the contract would judge otherwise, is no longer the one that the stream was opened for.
   */
  *failure(): RequestFlow<ErrorCode | undefined> {
    const { engine, request, principal } = this.#context;
    // The clock may have been set back.
    if (Math.abs(engine.now() - this.#checkedMs) < engine.limits.reidentifyMs) return undefined;
    const found = yield* perform({ do: 'identify', request });
    if ('unavailable' in found) return found.unavailable;
    if ('invalid' in found) return found.invalid;
    this.#checkedMs = engine.now();
    return isSameCaller(engine.contract, principal, found.principal) ? undefined : 'LP-CREDENTIAL-INVALID';
  }
}
