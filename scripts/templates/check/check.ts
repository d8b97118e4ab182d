import type { Check } from '../../../packages/scan/src/checks/check.ts';

// FILL IN: severity, references (one of the OWASP API Security Top 10, one CWE), and the two sentences.
export const templateCheck: Check = {
  id: 'template-check',
  stage: 'new',
  severity: 'medium',
  references: ['API3:2023', 'CWE-213'],
  statement: 'FILL IN: what is wrong, in words of the OWASP API Security Top 10.',
  remediation: 'FILL IN: what to change in the API.',
  // FILL IN: which breaches are of this kind. Checks earlier in the registry are asked first.
  covers: () => false,
};
