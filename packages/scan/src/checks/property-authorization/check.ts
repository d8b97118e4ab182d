import type { Check } from '../check.ts';

export const propertyAuthorization: Check = {
  id: 'property-authorization',
  stage: 'stable',
  severity: 'medium',
  references: ['API3:2023', 'CWE-213'],
  statement: 'An object that the caller may see carries a field that the caller may not.',
  remediation: 'Return only the fields meant for this caller, chosen where the answer is written; seal the rest.',
  covers: ({ isAnonymous, isSelf, byState, objectAllowed }) => !isAnonymous && (isSelf || (!byState && objectAllowed)),
};
