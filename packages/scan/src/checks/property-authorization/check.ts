import type { Check } from '../check.ts';

export const propertyAuthorization: Check = {
  id: 'property-authorization',
  stage: 'stable',
  severity: 'medium',
  references: ['API3:2023', 'CWE-213'],
  statement: 'A property that the caller may not see is returned with an object that the caller may see.',
  remediation: 'Select the properties on the server by what this caller may see, and return no others.',
  covers: ({ isAnonymous, isSelf, byState, objectAllowed }) => !isAnonymous && (isSelf || (!byState && objectAllowed)),
};
