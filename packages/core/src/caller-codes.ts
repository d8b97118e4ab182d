/** Codes of how callers are recognised: a part of `ERROR_CODES`. */
export const CALLER_CODES = {
  'LP-SECRET-UNAVAILABLE': {
    summary: 'A secret that the contract names is not there, or is empty.',
    fix: 'Set the variable, or the file, in the environment in which the guard is started.',
    exit: 2,
    since: '0.1.0',
  },
  'LP-USERINFO-UNAVAILABLE': {
    summary: 'The origin did not say in time who the caller is.',
    fix: 'Check that `by` of userinfo is answered within 2 s; the guard asks again by itself.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-USERINFO-INVALID': {
    summary: 'The origin answered who the caller is, and not as the contract says: another status, no JSON, or no id.',
    fix: 'Compare the answer with `userinfo` in the contract; statuses that mean "not logged in" stand in `refused`.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-USERINFO-CHANGED': {
    summary: 'The origin named another caller than before for the same credential.',
    fix: 'Expected once if somebody logs in as another user with the same session; else a cache answers for all callers.',
    exit: 3,
    since: '0.1.0',
  },
  'LP-USERINFO-BUSY': {
    summary: 'Too many unknown credentials at the same time: the origin is not asked about more of them.',
    fix: 'Try again in a second; callers that are known already are not affected.',
    exit: 3,
    since: '0.1.0',
  },
} as const;
