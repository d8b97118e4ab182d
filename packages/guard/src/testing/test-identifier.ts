import { DEFAULT_LIMITS } from '../limits.ts';
import { createIdentifier, type Identify } from '../identity/identify.ts';
import type { IdentityOptions } from '../identity/identity-kind.ts';
import { readSecret } from '../identity/secret.ts';

/** An identifier whose issuers and origin cannot be reached, unless the test says otherwise. */
export function testIdentifier(options: Pick<IdentityOptions, 'contract'> & Partial<IdentityOptions>): Identify {
  return createIdentifier({
    fetchKeys: () => Promise.reject(new Error('none')),
    readSecret,
    askOrigin: () => Promise.resolve('LP-ORIGIN-UNREACHABLE'),
    now: () => 0,
    limits: DEFAULT_LIMITS,
    ...options,
  });
}
