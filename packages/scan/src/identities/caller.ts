import { ANONYMOUS, type KnownPrincipal, type Principal, type Server } from '@leakproof/core';
import type { IdentitySource } from './identities-source.ts';

/** An identity whose credential was seen to work, or that says of itself that this cannot be seen. */
export interface Identity {
  readonly name: string;
  readonly principal: KnownPrincipal;
  readonly home: Server;
  /** The operation that tells it about itself; absent where it has none. */
  readonly probe?: string | undefined;
  readonly source: IdentitySource;
}

/** Who makes a request. */
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
