import type { Cell } from '@leakproof/scan';

/** What one kind of caller gets of one private member, field by field, as a scan saw it. */
export interface LadderPanel {
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly LadderRow[];
}

export interface LadderRow {
  readonly caller: string;
  readonly steps: readonly Step[];
}

/** `leaks`: received and not meant. `given`: received and meant. `kept`: not received, and not meant. `lost`: meant, not received. */
export type Step = 'leaks' | 'given' | 'kept' | 'lost' | 'unknown';

export const CALLERS = [
  ['anonymous', 'anyone'],
  ['sam', 'any member'],
  ['fay', 'a follower'],
  ['pia', 'herself'],
] as const;

export const FIELDS = ['username', 'location', 'age', 'gender', 'weight', 'total_work'] as const;

/** The ladder of Pia, whose profile is private: over every door of one region, the worst step counts. */
export function ladderOf(title: string, caption: string, cells: readonly Cell[]): LadderPanel {
  const mine = cells.filter((cell) => cell.owner === 'pia' && cell.server === 'us');
  return {
    title,
    caption,
    rows: CALLERS.map(([name, caller]) => ({
      caller,
      steps: FIELDS.map((field) =>
        worst(mine.filter((cell) => cell.attacker === name && cell.field === field).map(stepOf)),
      ),
    })),
  };
}

function stepOf(cell: Cell): Step {
  switch (cell.verdict) {
    case 'proven':
    case 'likely':
      return 'leaks';
    case 'by-design':
      return 'given';
    case 'enforced':
      return 'kept';
    case 'lost':
      return 'lost';
    case 'inconclusive':
      return 'unknown';
  }
}

const WORST_FIRST: readonly Step[] = ['leaks', 'lost', 'unknown', 'given', 'kept'];

function worst(steps: readonly Step[]): Step {
  return WORST_FIRST.find((each) => steps.includes(each)) ?? 'unknown';
}
