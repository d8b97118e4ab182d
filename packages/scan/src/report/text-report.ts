import type { Finding } from '../findings/finding.ts';
import { conclude } from '../run/conclusion.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { ladderTable } from './ladder-table.ts';
import { notTestedLines } from './not-tested-lines.ts';
import type { Paint } from './paint.ts';
import { undecidedLines } from './undecided-lines.ts';
import { UNDECIDED, VERDICT_LABELS, type VerdictLabel } from './verdict-label.ts';

const STYLES: Readonly<Record<VerdictLabel['tone'], Parameters<Paint>[0]>> = {
  bad: 'red',
  warn: 'yellow',
  good: 'green',
  plain: 'dim',
};

/** The report of a scan as text. What was not tested comes first, and what could not be decided before what is clean. */
export function textReport(result: ScanResult, paint: Paint): string {
  const { findings, conflicts, interrupted } = result;
  const proven = findings.filter(({ verdict }) => verdict === 'proven');
  const lines = [
    ...(interrupted
      ? [paint('yellow', 'Interrupted: the results so far are incomplete, and no finding was confirmed.'), '']
      : []),
    ...section(paint, 'Not tested', notTestedLines(result).map(indent)),
    ...section(paint, 'Different in the identities file and in the API (treated as unknown)', conflicts.map(indent)),
    paint('bold', proven.length === 0 ? 'Nothing was proven' : `Proven (${proven.length})`),
    ...proven.flatMap((finding) => findingLines(finding, paint)),
    '',
    ...UNDECIDED.flatMap(({ verdict, title }) => section(paint, title, undecidedLines(result, verdict).map(indent))),
    ...section(paint, 'Ladder', ladderLines(result, paint)),
    summary(result),
    conclusionLine(result, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function conclusionLine(result: ScanResult, paint: Paint): string {
  const { exit, sentence } = conclude(result);
  return paint(exit === 0 ? 'green' : exit === 1 ? 'red' : 'yellow', `${sentence} Exit ${exit}.`);
}

function summary({ cells, endpoints, nobodys, requests, seconds }: ScanResult): string {
  const cellCount = count(cells.length, 'cell');
  const operations = `${count(endpoints, 'operation')} tried, ${nobodys} more return nobody's data`;
  return `${cellCount}; ${operations}; ${count(requests, 'request')} in ${seconds.toFixed(1)} s`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function section(paint: Paint, title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines, ''];
}

const indent = (line: string): string => `  ${line}`;
const where = ({ operation, relation, servers }: Finding): string =>
  `${operation} to ${relation} at ${servers.join(', ')}`;

function findingLines(finding: Finding, paint: Paint): string[] {
  const { severity, check, statement, remediation, fields, attackers, owners, references } = finding;
  const style = severity === 'critical' || severity === 'high' ? 'red' : 'yellow';
  const who = `${count(attackers.length, 'caller')}, ${count(owners.length, 'owner')}.`;
  return [
    indent(`${paint(style, `✗ ${severity}`)} ${paint('bold', where(finding))}`),
    indent(`    ${statement} [${check}; ${references.join(', ')}]`),
    indent(`    ${fields.join(', ')}`),
    indent(paint('dim', `    ${who} ${remediation}`)),
  ];
}

const NOT_TRIED: VerdictLabel = { text: '-', tone: 'plain' };

function ladderLines({ cells }: ScanResult, paint: Paint): string[] {
  const { columns, rows } = ladderTable(cells);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ operation }) => operation.length));
  const widths = columns.map((column) => Math.max(column.length, 10));
  const titles = columns.map((column) => (column === 'anyone' ? 'anonymous' : column));
  return [
    indent(
      paint('dim', [' '.repeat(width), ...titles.map((title, index) => title.padEnd(widths[index] ?? 0))].join('  ')),
    ),
    ...rows.map(({ operation, verdicts }) => {
      const labels = columns.map((column, index) => {
        const verdict = verdicts.get(column);
        const { text, tone } = verdict ? VERDICT_LABELS[verdict] : NOT_TRIED;
        return paint(STYLES[tone], text.padEnd(widths[index] ?? 0));
      });
      return indent([operation.padEnd(width), ...labels].join('  '));
    }),
  ];
}
