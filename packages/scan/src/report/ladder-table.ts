import { closestRelation } from '../findings/finding.ts';
import type { Cell, CellVerdict } from '../ladder/cell.ts';

/** One operation of one protocol, with the worst verdict for each kind of caller. */
export interface LadderRow {
  readonly protocol: string;
  readonly operation: string;
  readonly verdicts: ReadonlyMap<string, CellVerdict>;
}

export interface LadderTable {
  /** Kinds of callers: anyone, outsider, member, the contract's relations, self. */
  readonly columns: readonly string[];
  readonly rows: readonly LadderRow[];
}

const WORST_FIRST: readonly CellVerdict[] = ['proven', 'likely', 'inconclusive', 'lost', 'by-design', 'enforced'];
const FIRST_COLUMNS = ['anyone', 'outsider', 'member'];

/** The worst of some verdicts; `enforced` if there are none. */
export function worstOf(verdicts: readonly CellVerdict[]): CellVerdict {
  return WORST_FIRST.find((each) => verdicts.includes(each)) ?? 'enforced';
}

/** The ladder of every operation, all servers together. */
export function ladderTable(cells: readonly Cell[]): LadderTable {
  const rows = new Map<string, LadderRow & { readonly verdicts: Map<string, CellVerdict> }>();
  const columns = new Set<string>();
  for (const cell of cells) {
    const { protocol, operation, verdict } = cell;
    const column = closestRelation(cell);
    columns.add(column);
    const key = `${operation}\n${protocol}`;
    const row = rows.get(key) ?? { protocol, operation, verdicts: new Map<string, CellVerdict>() };
    const before = row.verdicts.get(column);
    row.verdicts.set(column, before === undefined ? verdict : worstOf([before, verdict]));
    rows.set(key, row);
  }
  return {
    columns: [...columns].sort((a, b) => columnRank(a) - columnRank(b) || (a < b ? -1 : 1)),
    rows: [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  };
}

function columnRank(column: string): number {
  if (column === 'self') return 99;
  const rank = FIRST_COLUMNS.indexOf(column);
  return rank === -1 ? 50 : rank;
}
