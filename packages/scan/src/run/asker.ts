import type { CompiledContract } from '@leakproof/core';
import type { Caller } from '../identities/caller.ts';
import type { Sessions } from '../identities/sessions.ts';
import type { Ask } from '../plan/make-request.ts';
import { type Reading, readReply } from '../reading/reading.ts';
import type { Seen } from '../reading/seen.ts';
import type { Transport } from '../transport/transport.ts';

export interface AskerRoom {
  readonly contract: CompiledContract;
  readonly transport: Transport;
  readonly sessions: Sessions;
}

/** Asks as somebody, and remembers the answer: nobody asks the same thing twice unless it is to be sure. */
export class Asker {
  readonly #room: AskerRoom;
  readonly #answers = new Map<string, Promise<Reading>>();
  #owners: ReadonlySet<string> | undefined;

  constructor(room: AskerRoom) {
    this.#room = room;
  }

  /** From now on only what these owners are part of is kept of an answer: a list may hold a thousand others. */
  keepOnly(owners: ReadonlySet<string>): void {
    this.#owners = owners;
  }

  ask(caller: Caller, ask: Ask): Promise<Reading> {
    const key = `${caller.name}\n${ask.key}`;
    const kept = this.#answers.get(key);
    if (kept) return kept;
    const reading = this.askAfresh(caller, ask);
    this.#answers.set(key, reading);
    return reading;
  }

  /** Asks again, and remembers the later answer only if there was none. */
  async askAfresh(caller: Caller, ask: Ask): Promise<Reading> {
    const { transport, sessions, contract } = this.#room;
    const reply = await transport.send(ask.door.door, ask.sketch, sessions.headersOf(caller.name));
    const reading = readReply(reply, ask.expected, contract);
    const owners = this.#owners;
    return owners ? { ...reading, seen: concerning(owners, reading.seen) } : reading;
  }

  forget(caller: Caller, ask: Ask): void {
    this.#answers.delete(`${caller.name}\n${ask.key}`);
  }
}

/** Objects of these owners, and envelopes at the root; what they stand in stays reachable from them. */
export function concerning(owners: ReadonlySet<string>, seen: readonly Seen[]): Seen[] {
  return seen.filter((each) => each.at === '' || each.owners.some((owner) => owners.has(owner)));
}
