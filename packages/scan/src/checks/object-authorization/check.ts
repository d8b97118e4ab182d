import type { Check } from '../check.ts';

export const objectAuthorization: Check = {
  id: 'object-authorization',
  stage: 'stable',
  severity: 'high',
  references: ['API1:2023', 'CWE-639'],
  statement: 'A known caller gets an object of somebody else.',
  remediation: 'Ask whose object it is in every function that takes an id from its caller, and on every sibling door.',
  covers: ({ isAnonymous, isSelf, byState, objectAllowed }) => !isAnonymous && !isSelf && !byState && !objectAllowed,
};
