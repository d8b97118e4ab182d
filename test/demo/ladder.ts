import type { Cell } from '@leakproof/scan';

/** Which fields of one private member each kind of caller gets, by the cells of a scan. */
export interface LadderPanel {
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly LadderRow[];
}

export interface LadderRow {
  readonly caller: string;
  readonly outcomes: readonly Outcome[];
}

/** `leaks`: received, forbidden. `allowed`: received, allowed. `withheld`: not received, forbidden. `lost`: not received, allowed. */
export type Outcome = 'leaks' | 'allowed' | 'withheld' | 'lost' | 'unknown';

export const CALLERS = [
  ['anonymous', 'anyone'],
  ['sam', 'any member'],
  ['fay', 'a follower'],
  ['pia', 'herself'],
] as const;

export const FIELDS = ['username', 'location', 'age', 'gender', 'weight', 'total_work'] as const;

/** The ladder of Pia, whose profile is private: the worst outcome of all operations of one region. */
export function ladderOf(title: string, caption: string, cells: readonly Cell[]): LadderPanel {
  const mine = cells.filter((cell) => cell.owner === 'pia' && cell.server === 'us');
  return {
    title,
    caption,
    rows: CALLERS.map(([name, caller]) => ({
      caller,
      outcomes: FIELDS.map((field) =>
        worst(mine.filter((cell) => cell.attacker === name && cell.field === field).map(outcomeOf)),
      ),
    })),
  };
}

function outcomeOf(cell: Cell): Outcome {
  switch (cell.verdict) {
    case 'proven':
    case 'likely':
      return 'leaks';
    case 'by-design':
      return 'allowed';
    case 'enforced':
      return 'withheld';
    case 'lost':
      return 'lost';
    case 'inconclusive':
      return 'unknown';
  }
}

const WORST_FIRST: readonly Outcome[] = ['leaks', 'lost', 'unknown', 'allowed', 'withheld'];

function worst(outcomes: readonly Outcome[]): Outcome {
  return WORST_FIRST.find((each) => outcomes.includes(each)) ?? 'unknown';
}
