import { LeakproofError, type Server } from '@leakproof/core';
import type { z } from 'zod';
import type { IdentitySource } from './identities-source.ts';
import { type CredentialKind, type OpenContext } from './kinds/credential-kind.ts';
import { CREDENTIAL_KINDS } from './kinds/index.ts';
import type { Session } from './session.ts';

export type SessionContext = Omit<OpenContext, 'name' | 'home'>;

/** Obtains a credential. Throws LP-IDENTITY-DEAD if the login fails, LP-SECRET-MISSING, LP-TARGET-UNREACHABLE. */
export async function openSession(identity: IdentitySource, home: Server, context: SessionContext): Promise<Session> {
  const opening = { ...context, name: identity.name, home };
  for (const kind of Object.values<CredentialKind<keyof typeof CREDENTIAL_KINDS, z.ZodType>>(CREDENTIAL_KINDS)) {
    const source = identity[kind.id];
    if (source !== undefined) return kind.open(source, opening);
  }
  throw new LeakproofError('LP-IDENTITIES-INVALID', `"${identity.name}" has no credential.`);
}

/** The kinds of credential that an identity has in its file: exactly one is valid. */
export const credentialsOf = (identity: Partial<IdentitySource>): readonly (keyof typeof CREDENTIAL_KINDS)[] =>
  Object.values(CREDENTIAL_KINDS).flatMap(({ id }) => (identity[id] === undefined ? [] : [id]));

/** Whether a new credential can be obtained without the identity's owner. */
export const canRenew = (identity: IdentitySource): boolean =>
  credentialsOf(identity).some((id) => CREDENTIAL_KINDS[id].renews);
