import { nearestRelation } from '../findings/finding.ts';
import type { Cell, CellVerdict } from '../ladder/cell.ts';

/** One operation of one protocol, and the worst that each kind of caller gets of anybody by it. */
export interface LadderRow {
  readonly protocol: string;
  readonly operation: string;
  readonly steps: ReadonlyMap<string, CellVerdict>;
}

export interface LadderTable {
  /** Kinds of callers: anonymous, outsider, member, the contract's relations, self. */
  readonly columns: readonly string[];
  readonly rows: readonly LadderRow[];
}

const WORST_FIRST: readonly CellVerdict[] = ['proven', 'likely', 'inconclusive', 'lost', 'by-design', 'enforced'];
const FIRST = ['anyone', 'outsider', 'member'];

/** The ladder of every operation, all servers taken together. */
export function ladderTable(cells: readonly Cell[]): LadderTable {
  const rows = new Map<
    string,
    { readonly protocol: string; readonly operation: string; readonly steps: Map<string, CellVerdict> }
  >();
  const columns = new Set<string>();
  for (const cell of cells) {
    const column = nearestRelation(cell);
    columns.add(column);
    const key = `${cell.operation}\n${cell.protocol}`;
    const row = rows.get(key) ?? {
      protocol: cell.protocol,
      operation: cell.operation,
      steps: new Map<string, CellVerdict>(),
    };
    const before = row.steps.get(column);
    if (before === undefined || WORST_FIRST.indexOf(cell.verdict) < WORST_FIRST.indexOf(before))
      row.steps.set(column, cell.verdict);
    rows.set(key, row);
  }
  return {
    columns: [...columns].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1)),
    rows: [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  };
}

function placeOf(column: string): number {
  if (column === 'self') return 99;
  const place = FIRST.indexOf(column);
  return place === -1 ? 50 : place;
}
