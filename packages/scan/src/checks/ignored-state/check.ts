import type { Check } from '../check.ts';

export const ignoredState: Check = {
  id: 'ignored-state',
  stage: 'stable',
  severity: 'high',
  references: ['API3:2023', 'CWE-863'],
  statement: 'A privacy setting of the owner is not enforced.',
  remediation: 'Check the privacy settings of the owner in every operation that returns the field.',
  covers: ({ isAnonymous, isSelf, byState }) => !isAnonymous && !isSelf && byState,
};
