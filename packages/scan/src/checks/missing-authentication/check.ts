import type { Check } from '../check.ts';

export const missingAuthentication: Check = {
  id: 'missing-authentication',
  stage: 'stable',
  severity: 'medium',
  references: ['API2:2023', 'CWE-306'],
  statement: 'Anybody gets personal data without saying who they are.',
  remediation:
    'Ask who the caller is before anything of a person is read; then ask whose object it is. A login alone leaves it half fixed.',
  covers: ({ isAnonymous }) => isAnonymous,
};
