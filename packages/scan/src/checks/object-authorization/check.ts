import type { Check } from '../check.ts';

export const objectAuthorization: Check = {
  id: 'object-authorization',
  stage: 'stable',
  severity: 'high',
  references: ['API1:2023', 'CWE-639'],
  statement: 'An object is returned without checking that the caller may access it.',
  remediation:
    'Check access to the object in every function that takes an id from the caller, on every server and protocol.',
  covers: ({ isAnonymous, isSelf, byState, objectAllowed }) => !isAnonymous && !isSelf && !byState && !objectAllowed,
};
