import { type Endpoint, type Headers, isLeakproofError, LeakproofError, type Server } from '@leakproof/core';
import type { RequestTemplate } from '../transport/transport.ts';
import type { IdentitySource } from './identities-source.ts';
import { canRenew, openSession, type SessionContext } from './open-session.ts';
import type { Session, SignedRequest } from './session.ts';

interface OpenSession {
  readonly source: IdentitySource;
  readonly home: Server;
  session: Session;
  renewals: number;
}

/** The credentials of a scan: obtained once, and renewed once if they expire. No credential reaches another identity. */
export class Sessions {
  readonly #context: SessionContext;
  readonly #sessions = new Map<string, OpenSession>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Obtains the credential. Throws the codes of `openSession`. */
  async open(source: IdentitySource, home: Server): Promise<Session> {
    const session = await openSession(source, home, this.#context);
    this.#sessions.set(source.name, { source, home, session, renewals: 0 });
    return session;
  }

  /** The request with the credential of `name`; without any for the anonymous caller. */
  sign(name: string, endpoint: Endpoint, template: RequestTemplate): SignedRequest {
    return this.#sessions.get(name)?.session.sign(endpoint, template) ?? { template, credential: [] };
  }

  /** Follows what a response changes of the credential of `name`. */
  received(name: string, endpoint: Endpoint, headers: Headers): void {
    this.#sessions.get(name)?.session.received?.(endpoint, headers);
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
    if (!open || !canRenew(open.source)) return false;
    try {
      open.session = await openSession(open.source, open.home, this.#context);
      return true;
    } catch (error) {
      if (isLeakproofError(error)) return false;
      throw new LeakproofError('LP-INTERNAL', 'A login failed unexpectedly.', { cause: error });
    }
  }
}
