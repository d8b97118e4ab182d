import { type Headers, isLeakproofError, LeakproofError, type Server } from '@leakproof/core';
import type { IdentitySource } from './identities-source.ts';
import { openSession, type Session, type SessionContext } from './open-session.ts';

interface Held {
  readonly source: IdentitySource;
  readonly home: Server;
  session: Session;
  renewals: number;
}

/** The credentials of a run. They are obtained once, and once more where one expires. */
export class Sessions {
  readonly #room: SessionContext;
  readonly #held = new Map<string, Held>();

  constructor(room: SessionContext) {
    this.#room = room;
  }

  /** Logs in. Throws as `openSession` does. */
  async open(source: IdentitySource, home: Server): Promise<Session> {
    const session = await openSession(source, home, this.#room);
    this.#held.set(source.name, { source, home, session, renewals: 0 });
    return session;
  }

  /** What `name` sends; nothing for the anonymous. */
  headersOf(name: string): Headers {
    return this.#held.get(name)?.session.headers ?? [];
  }

  /** A fresh credential after one expired: once in a run. False where there is no recipe for it, or it was refused. */
  async renewOnce(name: string): Promise<boolean> {
    const held = this.#held.get(name);
    if (!held || held.renewals > 0) return false;
    held.renewals += 1;
    return this.refresh(name);
  }

  /** A fresh credential. False where none can be had; the old one stays. */
  async refresh(name: string): Promise<boolean> {
    const held = this.#held.get(name);
    if (!held?.source.login) return false;
    try {
      held.session = await openSession(held.source, held.home, this.#room);
      return true;
    } catch (error) {
      if (isLeakproofError(error)) return false;
      throw new LeakproofError('LP-INTERNAL', 'A login failed in a way that was not foreseen.', { cause: error });
    }
  }
}
