import type { Check } from '../check.ts';

export const clientAssertedIdentity: Check = {
  id: 'client-asserted-identity',
  stage: 'stable',
  severity: 'high',
  references: ['API2:2023', 'CWE-290'],
  statement: 'The caller is taken for whoever the request says it is.',
  remediation:
    'Take the caller from its verified credential alone, and refuse a request whose parameter, header or body names another one.',
  covers: ({ isAnonymous, isSelf, assertsIdentity }) => !isAnonymous && !isSelf && assertsIdentity,
};
