import type { ListedCase } from './status.ts';

/** One line of the register of breaches (GDPR 33(5)): every case with exposure, also those judged no breach. */
export interface RegisterEntry {
  readonly case: string;
  readonly arrivedAt: string;
  readonly awareAt: string | null;
  readonly judgement: 'breach' | 'no breach' | 'not judged';
  readonly reason: string | null;
  readonly person: string | null;
  /** The counts that the judgement relied on. */
  readonly reliedOn: { readonly people: number; readonly records: number } | null;
  /** The counts that the ledger has now. */
  readonly counted: {
    readonly people: number;
    readonly records: number;
    readonly grade: string;
    readonly isComplete: boolean;
  } | null;
  readonly notified: readonly string[];
}

/** The register, in order of arrival. A case without exposure and without judgement is listed too: as not judged. */
export function registerOf(cases: readonly ListedCase[]): readonly RegisterEntry[] {
  return cases.map(({ id, desk }) => {
    const { breach, counts, awareMs, arrivedMs, notified } = desk;
    return {
      case: id,
      arrivedAt: iso(arrivedMs),
      awareAt: awareMs === undefined ? null : iso(awareMs),
      judgement: breach === undefined ? 'not judged' : breach.isBreach ? 'breach' : 'no breach',
      reason: breach?.reason ?? null,
      person: breach?.person ?? null,
      reliedOn: breach ? { people: breach.people, records: breach.records } : null,
      counted: counts
        ? { people: counts.people, records: counts.records, grade: counts.grade, isComplete: counts.isComplete }
        : null,
      notified: [...notified],
    };
  });
}

const iso = (ms: number): string => new Date(ms).toISOString();
