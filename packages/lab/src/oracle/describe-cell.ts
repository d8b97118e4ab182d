import type { OracleCell } from './oracle.ts';

/** One line about a cell for which the lab did something else than the oracle says. */
export const describeCell = (cell: OracleCell, found: string): string =>
  `${cell.verdict} ${cell.kind}: ${cell.viewer} → ${cell.owner} ${cell.resource}.${cell.field} ` +
  `at ${cell.host} ${cell.channel} ${cell.operation}: ${found}`;
