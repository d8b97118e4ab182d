import type { CellVerdict } from '../ladder/cell.ts';

export interface VerdictLabel {
  readonly text: string;
  readonly tone: 'bad' | 'warn' | 'good' | 'plain';
}

/** How reports name the verdicts of cells. */
export const VERDICT_LABELS: Readonly<Record<CellVerdict, VerdictLabel>> = {
  proven: { text: '✗ leaks', tone: 'bad' },
  likely: { text: '? likely', tone: 'warn' },
  inconclusive: { text: '? unknown', tone: 'warn' },
  lost: { text: '! lost', tone: 'warn' },
  'by-design': { text: '✓ allowed', tone: 'plain' },
  enforced: { text: '✓ closed', tone: 'good' },
};

/** The sections of a report on what could not be decided, in order. */
export const UNDECIDED = [
  { verdict: 'likely', title: 'Likely' },
  { verdict: 'inconclusive', title: 'Unknown' },
  { verdict: 'lost', title: 'Lost by those who are allowed it' },
] as const;
