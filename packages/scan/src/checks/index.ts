import type { Check } from './check.ts';
import { clientAssertedIdentity } from './client-asserted-identity/check.ts';
import { ignoredState } from './ignored-state/check.ts';
import { missingAuthentication } from './missing-authentication/check.ts';
import { objectAuthorization } from './object-authorization/check.ts';
import { propertyAuthorization } from './property-authorization/check.ts';

/** Every check; the first one that covers a breach reports it. */
export const CHECKS: readonly Check[] = [
  missingAuthentication,
  clientAssertedIdentity,
  ignoredState,
  propertyAuthorization,
  objectAuthorization,
];
