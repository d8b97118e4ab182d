import type { CompiledContract } from '@leakproof/core';
import type { Caller } from '../identities/caller.ts';
import type { Sessions } from '../identities/sessions.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import { type ReadResponse, readReply } from '../reading/reading.ts';
import type { SeenObject } from '../reading/seen.ts';
import type { Transport } from '../transport/transport.ts';

export interface RequestRunnerContext {
  readonly contract: CompiledContract;
  readonly transport: Transport;
  readonly sessions: Sessions;
}

/** Asks as somebody, and remembers the answer: nobody asks the same thing twice unless it is to be sure. */
export class RequestRunner {
  readonly #room: RequestRunnerContext;
  readonly #answers = new Map<string, Promise<ReadResponse>>();
  #owners: ReadonlySet<string> | undefined;

  constructor(room: RequestRunnerContext) {
    this.#room = room;
  }

  /** From now on only what these owners are part of is kept of an answer: a list may hold a thousand others. */
  keepOnly(owners: ReadonlySet<string>): void {
    this.#owners = owners;
  }

  ask(caller: Caller, ask: PlannedRequest): Promise<ReadResponse> {
    const key = `${caller.name}\n${ask.key}`;
    const kept = this.#answers.get(key);
    if (kept) return kept;
    const reading = this.askAfresh(caller, ask);
    this.#answers.set(key, reading);
    return reading;
  }

  /** Asks again, and remembers the later answer only if there was none. */
  async askAfresh(caller: Caller, ask: PlannedRequest): Promise<ReadResponse> {
    const { transport, sessions, contract } = this.#room;
    const reply = await transport.send(ask.endpoint.endpoint, ask.sketch, sessions.headersOf(caller.name));
    const reading = readReply(reply, ask.expected, contract);
    const owners = this.#owners;
    return owners ? { ...reading, seen: concerning(owners, reading.seen) } : reading;
  }

  forget(caller: Caller, ask: PlannedRequest): void {
    this.#answers.delete(`${caller.name}\n${ask.key}`);
  }
}

/** Objects of these owners, and envelopes at the root; what they stand in stays reachable from them. */
export function concerning(owners: ReadonlySet<string>, seen: readonly SeenObject[]): SeenObject[] {
  return seen.filter((each) => each.at === '' || each.owners.some((owner) => owners.has(owner)));
}
