/** States of the CERT/CC Vultron protocol: report management (ours), embargo management and case state. */
export const REPORT_STATES = ['received', 'invalid', 'valid', 'accepted', 'deferred', 'closed'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

export const EMBARGO_STATES = ['none', 'proposed', 'active', 'revise', 'exited'] as const;
export type EmbargoState = (typeof EMBARGO_STATES)[number];

/** Vultron's V, F, D, P, X and A. */
export const FACTS = ['vendor-aware', 'fix-ready', 'fix-deployed', 'public', 'exploit-public', 'attacks-seen'] as const;
export type Fact = (typeof FACTS)[number];

/**
 * What a person may change a report to. Vultron's table; only `closed` → `received` is ours (docs/decisions/0020): it happens when a
 * reporter writes on a closed case, and no person chooses it.
 */
export const REPORT_TRANSITIONS: Readonly<Record<ReportState, readonly ReportState[]>> = {
  received: ['valid', 'invalid'],
  invalid: ['valid', 'closed'],
  valid: ['accepted', 'deferred'],
  accepted: ['deferred', 'closed'],
  deferred: ['accepted', 'closed'],
  closed: [],
};

/** Vultron's table of embargoes. `revise` → `active` both when a new end is accepted and when it is rejected. */
export const EMBARGO_TRANSITIONS: Readonly<Record<EmbargoState, readonly EmbargoState[]>> = {
  none: ['proposed'],
  proposed: ['active', 'none'],
  active: ['revise', 'exited'],
  revise: ['active', 'exited'],
  exited: [],
};

/** What has to be so before. */
export const FACT_REQUIRES: Readonly<Record<Fact, Fact | undefined>> = {
  'vendor-aware': undefined,
  'fix-ready': 'vendor-aware',
  'fix-deployed': 'fix-ready',
  public: undefined,
  'exploit-public': undefined,
  'attacks-seen': undefined,
};

/** Why a case is closed. */
export const RESOLUTIONS = ['fixed', 'not a vulnerability', 'duplicate', 'will not fix', 'withdrawn', 'spam'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
