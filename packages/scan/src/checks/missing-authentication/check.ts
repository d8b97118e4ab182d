import type { Check } from '../check.ts';

export const missingAuthentication: Check = {
  id: 'missing-authentication',
  stage: 'stable',
  severity: 'medium',
  references: ['API2:2023', 'CWE-306'],
  statement: 'Personal data is returned without authentication.',
  remediation:
    'Authenticate the caller before personal data is read, then check whose object it is. A login alone is half a fix.',
  covers: ({ isAnonymous }) => isAnonymous,
};
