import { closestRelation } from '../findings/finding.ts';
import type { Cell, CellVerdict } from '../ladder/cell.ts';

/** Lines of one section; the rest is counted, and in report.json. */
const MAX_LINES = 30;

/** The cells with a verdict, one line for each operation, kind of caller and reason. */
export function undecidedLines({ cells }: { readonly cells: readonly Cell[] }, verdict: CellVerdict): string[] {
  const groups = new Map<string, { readonly fields: Set<string>; readonly servers: Set<string> }>();
  for (const cell of cells.filter((each) => each.verdict === verdict)) {
    const relation = closestRelation(cell);
    const key = JSON.stringify([cell.operation, relation, cell.reason ?? '']);
    const group = groups.get(key) ?? { fields: new Set(), servers: new Set() };
    groups.set(key, group);
    group.fields.add(`${cell.resource}.${cell.field}`);
    group.servers.add(cell.server);
  }
  const lines = [...groups].map(([key, { fields, servers }]) => {
    const [operation = '', relation = '', reason = ''] = JSON.parse(key) as string[];
    const where = `${operation} to ${relation} at ${[...servers].join(', ')}`;
    return `${where}: ${[...fields].sort().join(', ')}${reason === '' ? '' : ` (${reason})`}`;
  });
  return lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines; report.json has every cell`];
}
