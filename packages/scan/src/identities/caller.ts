import { ANONYMOUS, type KnownPrincipal, type Principal, type Server } from '@leakproof/core';
import type { IdentitySource } from './identities-source.ts';

/** An identity whose credential is known to work, or that has `probe: none`. */
export interface Identity {
  readonly name: string;
  readonly principal: KnownPrincipal;
  readonly home: Server;
  /** The operation that returns its own object; absent if it has none. */
  readonly probe?: string | undefined;
  readonly source: IdentitySource;
}

/** The sender of a request. */
export interface Caller {
  readonly name: string;
  readonly principal: Principal;
  readonly identity?: Identity | undefined;
}

export const NOBODY: Caller = { name: 'anonymous', principal: ANONYMOUS };

export const callerOf = (identity: Identity): Caller => ({
  name: identity.name,
  principal: identity.principal,
  identity,
});
