import type { LookupCall } from '../../lookup/lookup-call.ts';
import type { Limits } from '../../limits.ts';
import type { Upstreams } from './upstreams.ts';

/** Sends lookups to internal addresses. Equal ones at the same time are sent once: their answers are of one time. */
export class LookupSender {
  readonly #internals: Upstreams;
  readonly #limits: Limits;
  readonly #inFlight = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(internals: Upstreams, limits: Limits) {
    this.#internals = internals;
    this.#limits = limits;
  }

  /** The body of the answer, or undefined if it is late, failed, or has a status other than 200. */
  send(call: LookupCall): Promise<Uint8Array | undefined> {
    const key = JSON.stringify([call.scheme, call.authority, call.target, call.body]);
    let answer = this.#inFlight.get(key);
    if (!answer) {
      answer = this.#ask(call).finally(() => this.#inFlight.delete(key));
      this.#inFlight.set(key, answer);
    }
    return answer;
  }

  async #ask(call: LookupCall): Promise<Uint8Array | undefined> {
    const response = await this.#internals.fetch(
      {
        scheme: call.scheme,
        authority: call.authority,
        method: call.rule.method,
        target: call.target,
        headers: [
          ['host', call.authority],
          ['content-type', 'application/json'],
          ['accept', 'application/json'],
          ['accept-encoding', 'identity'],
        ],
        body: Buffer.from(call.body),
      },
      this.#limits.maxBodyBytes,
      { timeoutMs: this.#limits.lookupTimeoutMs },
    );
    return typeof response !== 'string' && response.status === 200 ? response.body : undefined;
  }
}
