import type { Check } from './check.ts';
import { ignoredState } from './ignored-state/check.ts';
import { missingAuthentication } from './missing-authentication/check.ts';
import { objectAuthorization } from './object-authorization/check.ts';
import { propertyAuthorization } from './property-authorization/check.ts';

/** Every check, in the order they are asked. */
export const CHECKS: readonly Check[] = [
  missingAuthentication,
  ignoredState,
  propertyAuthorization,
  objectAuthorization,
];
