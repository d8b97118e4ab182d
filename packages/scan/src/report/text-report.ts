import type { Finding } from '../findings/finding.ts';
import type { CellVerdict } from '../ladder/cell.ts';
import type { NotTested } from '../plan/read-operations.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { ladderTable } from './ladder-table.ts';

export type Paint = (style: 'bold' | 'red' | 'yellow' | 'green' | 'dim', text: string) => string;

const STEPS: Readonly<Record<CellVerdict, readonly [text: string, style: Parameters<Paint>[0]]>> = {
  proven: ['✗ leaks', 'red'],
  likely: ['? likely', 'yellow'],
  inconclusive: ['? unsure', 'yellow'],
  lost: ['! lost', 'yellow'],
  'by-design': ['✓ meant', 'dim'],
  enforced: ['✓ closed', 'green'],
};

/** What a person reads after a scan. What was not tested comes first. */
export function textReport(result: ScanResult, paint: Paint): string {
  const { findings, cells, conflicts, requests, seconds, interrupted } = result;
  const likely = findings.filter(({ verdict }) => verdict === 'likely');
  const proven = findings.filter(({ verdict }) => verdict === 'proven');
  const lines = [
    ...(interrupted
      ? [paint('yellow', 'Interrupted: this is what was done until then; nothing of it was replayed.'), '']
      : []),
    ...section(paint, 'Not tested', notTestedLines(result.notTested)),
    ...section(
      paint,
      'Told differently by the identities file and the API (taken as not known)',
      conflicts.map(indent),
    ),
    paint('bold', proven.length === 0 ? 'Nothing was proven' : `Proven (${proven.length})`),
    ...proven.flatMap((finding) => findingLines(finding, paint)),
    '',
    ...section(
      paint,
      `Likely (${likely.length})`,
      likely.map((finding) => indent(`${where(finding)}: ${finding.fields.join(', ')}`)),
    ),
    ...section(paint, 'Ladder', ladderLines(result, paint)),
    `${cells.length} cells, ${result.endpoints} doors (${result.nobodys} more hold nobody's data), ${requests} requests, ${seconds.toFixed(1)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

function section(paint: Paint, title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines, ''];
}

const indent = (line: string): string => `  ${line}`;
const where = ({ operation, relation, servers }: Finding): string =>
  `${operation} to ${relation} at ${servers.join(', ')}`;

/** Servers that have the same to say are named in one line. */
function notTestedLines(all: readonly NotTested[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { operation, reason, server } of all) {
    const key = `${operation}: ${reason}`;
    lines.set(key, [...(lines.get(key) ?? []), server]);
  }
  return [...lines].map(([line, servers]) => indent(`${line} (${servers.join(', ')})`));
}

function findingLines(finding: Finding, paint: Paint): string[] {
  const { severity, check, statement, remediation, fields, attackers, owners, references } = finding;
  const style = severity === 'critical' || severity === 'high' ? 'red' : 'yellow';
  return [
    indent(`${paint(style, `✗ ${severity}`)} ${paint('bold', where(finding))}`),
    indent(`    ${statement} [${check}; ${references.join(', ')}]`),
    indent(`    ${fields.join(', ')}`),
    indent(paint('dim', `    ${attackers.length} callers, ${owners.length} owners. ${remediation}`)),
  ];
}

function ladderLines({ cells }: ScanResult, paint: Paint): string[] {
  const { columns, rows } = ladderTable(cells);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ operation }) => operation.length));
  const widths = columns.map((column) => Math.max(column.length, 10));
  const named = columns.map((column) => (column === 'anyone' ? 'anonymous' : column));
  return [
    indent(
      paint('dim', [' '.repeat(width), ...named.map((name, index) => name.padEnd(widths[index] ?? 0))].join('  ')),
    ),
    ...rows.map(({ operation, steps }) => {
      const shown = columns.map((column, index) => {
        const verdict = steps.get(column);
        const [text, style] = verdict ? STEPS[verdict] : (['-', 'dim'] as const);
        return paint(style, text.padEnd(widths[index] ?? 0));
      });
      return indent([operation.padEnd(width), ...shown].join('  '));
    }),
  ];
}
