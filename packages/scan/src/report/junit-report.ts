import { escapeXml } from '@leakproof/html';
import { checkOf, closestRelation } from '../findings/finding.ts';
import type { Cell, CellVerdict } from '../ladder/cell.ts';
import type { NotTested } from '../plan/read-operation.ts';
import type { ScanResult } from '../run/scan-result.ts';
import { worstOf } from './ladder-table.ts';

type Outcome = 'failure' | 'error' | 'skipped' | undefined;

const OUTCOMES: Readonly<Record<CellVerdict, Outcome>> = {
  proven: 'failure',
  likely: 'error',
  inconclusive: 'error',
  lost: 'error',
  'by-design': undefined,
  enforced: undefined,
};

interface Case {
  readonly name: string;
  readonly outcome: Outcome;
  readonly type: string;
  readonly message: string;
}

/**
 * JUnit XML: a suite for each operation at each server, a case for each kind of viewer and resource. A leak is a failure, what could
 * not be decided is an error, what was not tested is skipped, and what is closed or allowed passes.
 */
export function junitReport({ cells, notTested, seconds }: ScanResult): string {
  const suites = new Map<string, Case[]>();
  const suiteOf = (server: string, operation: string): Case[] => {
    const name = `${server} ${operation}`;
    const cases = suites.get(name) ?? [];
    suites.set(name, cases);
    return cases;
  };
  for (const group of cellGroups(cells)) suiteOf(group[0].server, group[0].operation).push(caseOf(group));
  for (const each of notTested) suiteOf(each.server, each.operation).push(skippedCase(each));
  const all = [...suites].sort(([a], [b]) => (a < b ? -1 : 1));
  const total = countsOf(all.flatMap(([, cases]) => cases));
  const lines = all.map(([name, cases]) => suiteXml(name, cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="leakproof" ${total} time="${seconds}">\n${lines.join('')}</testsuites>\n`;
}

type Cells = readonly [Cell, ...Cell[]];

/** Cells of one server, operation, viewer and resource. */
function cellGroups(cells: readonly Cell[]): Cells[] {
  const groups = new Map<string, [Cell, ...Cell[]]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.server, cell.operation, closestRelation(cell), cell.resource]);
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()];
}

function caseOf(cells: Cells): Case {
  const [first] = cells;
  const verdict = worstOf(cells.map((cell) => cell.verdict));
  const worst = cells.filter((cell) => cell.verdict === verdict);
  const fields = [...new Set(worst.map(({ field }) => field))].sort();
  const reasons = [...new Set(worst.flatMap(({ reason }) => reason ?? []))].sort();
  return {
    name: `${closestRelation(first)} → ${first.resource}`,
    outcome: OUTCOMES[verdict],
    type: (worst[0] && checkOf(worst[0])?.id) ?? verdict,
    message: `${verdict}: ${fields.join(', ')}${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}`,
  };
}

function skippedCase({ reason, protocol }: NotTested): Case {
  return { name: `not tested (${protocol})`, outcome: 'skipped', type: 'not-tested', message: reason };
}

function countsOf(cases: readonly Case[]): string {
  const count = (outcome: Outcome): number => cases.filter((each) => each.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function suiteXml(name: string, cases: readonly Case[]): string {
  const suite = escapeXml(name);
  const inner = cases.map((each) => caseXml(suite, each)).join('');
  return `  <testsuite name="${suite}" ${countsOf(cases)}>\n${inner}  </testsuite>\n`;
}

function caseXml(suite: string, { name, outcome, type, message }: Case): string {
  const open = `    <testcase classname="${suite}" name="${escapeXml(name)}"`;
  if (!outcome) return `${open}/>\n`;
  const kind = outcome === 'skipped' ? '' : ` type="${escapeXml(type)}"`;
  return `${open}><${outcome}${kind} message="${escapeXml(message)}"/></testcase>\n`;
}
