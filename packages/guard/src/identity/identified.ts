import { isLeakproofError, type KnownPrincipal } from '@leakproof/core';
import type { Identified } from './identity-kind.ts';

const INVALID: Identified = { invalid: 'LP-CREDENTIAL-INVALID' };

/** A credential that names nobody is invalid. */
export function identified(principal: KnownPrincipal | undefined): Identified {
  return principal ? { principal } : INVALID;
}

/** Why a credential could not be verified. Rethrows what is no such reason. */
export function notIdentified(error: unknown): Identified {
  if (isLeakproofError(error) && error.code === 'LP-KEYS-UNAVAILABLE') return { unavailable: error.code };
  throw error;
}
