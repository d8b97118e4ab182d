import type { Check } from '../check.ts';

export const ignoredState: Check = {
  id: 'ignored-state',
  stage: 'stable',
  severity: 'high',
  references: ['API3:2023', 'CWE-863'],
  statement: 'What a person set for themselves, such as a private profile, is not obeyed.',
  remediation: 'Ask the state of the owner where the field is released, on every door that releases it.',
  covers: ({ isAnonymous, isSelf, byState }) => !isAnonymous && !isSelf && byState,
};
