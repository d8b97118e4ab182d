import { type Headers, isLeakproofError, LeakproofError, type Server } from '@leakproof/core';
import type { IdentitySource } from './identities-source.ts';
import { openSession, type Session, type SessionContext } from './open-session.ts';

interface OpenSession {
  readonly source: IdentitySource;
  readonly home: Server;
  session: Session;
  renewals: number;
}

/** The credentials of a scan: obtained once, and renewed once if they expire. */
export class Sessions {
  readonly #context: SessionContext;
  readonly #sessions = new Map<string, OpenSession>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Logs in. Throws the codes of `openSession`. */
  async open(source: IdentitySource, home: Server): Promise<Session> {
    const session = await openSession(source, home, this.#context);
    this.#sessions.set(source.name, { source, home, session, renewals: 0 });
    return session;
  }

  /** The credential headers of `name`; none for the anonymous caller. */
  headersOf(name: string): Headers {
    return this.#sessions.get(name)?.session.headers ?? [];
  }

  /** Logs in again after a credential expired, at most once per scan. False if there is no `login`, or it failed. */
  async renewOnce(name: string): Promise<boolean> {
    const open = this.#sessions.get(name);
    if (!open || open.renewals > 0) return false;
    open.renewals += 1;
    return this.refresh(name);
  }

  /** Logs in again. False if there is no `login` or it failed; the old credential is kept. */
  async refresh(name: string): Promise<boolean> {
    const open = this.#sessions.get(name);
    if (!open?.source.login) return false;
    try {
      open.session = await openSession(open.source, open.home, this.#context);
      return true;
    } catch (error) {
      if (isLeakproofError(error)) return false;
      throw new LeakproofError('LP-INTERNAL', 'A login failed unexpectedly.', { cause: error });
    }
  }
}
