import { ANONYMOUS, type CompiledContract } from '@leakproof/core';
import type { IncomingRequest } from '@leakproof/http';
import { type CredentialTraits, joinTraits } from '../headers/credential-traits.ts';
import type { CredentialReader, Identified, IdentityKind, IdentityOptions } from './identity-kind.ts';
import { apiKey } from './api-key/api-key.ts';
import { jwt } from './jwt/jwt.ts';
import { userinfo } from './userinfo/userinfo.ts';
import { verified } from './verified/verified.ts';

/** Every way to recognise a principal; a new one is a line here, and a grammar in core's `authoring/principals`. */
const IDENTITY_KINDS: readonly IdentityKind[] = [jwt, verified, apiKey, userinfo];

/** Synchronous unless something has to be verified or asked. */
export type Identify = (request: IncomingRequest) => Identified | Promise<Identified>;

/** What the principals of a contract mean for headers and connections. */
export function credentialTraits(contract: CompiledContract): CredentialTraits {
  return joinTraits(IDENTITY_KINDS.flatMap((kind) => kind.traits(contract)));
}

/**
 * Identifies the principal of a request. Without a credential it is anonymous; with an invalid credential, or several, the
 * request is invalid and never anonymous (pitfall A5, docs/pitfalls.md), but for a cookie that the origin refuses.
 */
export function createIdentifier(options: IdentityOptions): Identify {
  const readers = IDENTITY_KINDS.flatMap((kind) => kind.reader(options) ?? []);
  return (request) => {
    let reader: CredentialReader | undefined;
    let credential = '';
    for (const each of readers) {
      const found = each.find(request);
      if (found.length === 0) continue;
      if (found.length > 1 || reader) return INVALID;
      reader = each;
      credential = found[0] ?? '';
    }
    return reader ? reader.read(credential, request) : ANONYMOUS_CALLER;
  };
}

const ANONYMOUS_CALLER: Identified = { principal: ANONYMOUS };
const INVALID: Identified = { invalid: 'LP-CREDENTIAL-INVALID' };
