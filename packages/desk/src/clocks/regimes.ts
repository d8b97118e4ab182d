/** A duty to notify of a personal data breach. Data, not legal advice: check it with counsel before relying on it. */
export interface Regime {
  readonly id: string;
  readonly title: string;
  /** To whom. */
  readonly to: 'authority' | 'people';
  readonly hours: number;
  readonly source: string;
  /** Whether every program keeps it until its configuration says otherwise. */
  readonly isDefault: boolean;
}

const DAY_HOURS = 24;

/** The hours run from the moment we are aware: a proof that was reproduced, or the judgement that there was a breach. */
export const REGIMES: readonly Regime[] = [
  {
    id: 'gdpr-33',
    title: 'GDPR: supervisory authority',
    to: 'authority',
    hours: 72,
    source: 'Regulation (EU) 2016/679, Article 33(1)',
    isDefault: true,
  },
  {
    id: 'ftc-hbnr',
    title: 'FTC Health Breach Notification Rule: people',
    to: 'people',
    hours: 60 * DAY_HOURS,
    source: '16 CFR 318.4',
    isDefault: false,
  },
  {
    id: 'california',
    title: 'California: residents',
    to: 'people',
    hours: 30 * DAY_HOURS,
    source: 'Cal. Civ. Code 1798.82 as amended by SB 446, from 2026-01-01',
    isDefault: false,
  },
  {
    id: 'nis2-24h',
    title: 'NIS2: early warning',
    to: 'authority',
    hours: DAY_HOURS,
    source: 'Directive (EU) 2022/2555, Article 23(4)(a)',
    isDefault: false,
  },
  {
    id: 'nis2-72h',
    title: 'NIS2: incident notification',
    to: 'authority',
    hours: 72,
    source: 'Directive (EU) 2022/2555, Article 23(4)(b)',
    isDefault: false,
  },
];
