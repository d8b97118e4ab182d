import type { Protocol } from '@leakproof/core';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../checks/check.ts';
import type { Cell } from '../ladder/cell.ts';
import { SEVERITIES, type Severity, severityOf } from './severity.ts';

/** One root cause: one operation that lets one kind of caller have what is not meant for it, wherever it is deployed. */
export interface Finding {
  /** Stable over runs: check, operation and relation. */
  readonly id: string;
  readonly check: string;
  readonly verdict: 'proven' | 'likely';
  readonly severity: Severity;
  readonly statement: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly protocol: Protocol;
  readonly operation: string;
  /** What the callers are at most to the owners: `anyone`, `member`, `self`, a relation of the contract, or an `outsider` of another id space. */
  readonly relation: string;
  readonly servers: readonly string[];
  /** `Resource.field`, sorted. */
  readonly fields: readonly string[];
  readonly attackers: readonly string[];
  readonly owners: readonly string[];
  readonly cells: readonly Cell[];
}

/** The findings of a ladder, worst first. */
export function findingsOf(cells: readonly Cell[]): Finding[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const check = checkOf(cell);
    if (!check) continue;
    const key = JSON.stringify([cell.verdict, check.id, cell.protocol, cell.operation, nearestRelation(cell)]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((group) => findingOf(group) ?? []).sort(byGravity);
}

/** What a breached cell is a case of. */
export function checkOf(cell: Cell): Check | undefined {
  const { breach, attacker, owner, verdict } = cell;
  if (!breach || (verdict !== 'proven' && verdict !== 'likely')) return undefined;
  const breached = { ...breach, isAnonymous: attacker === 'anonymous', isSelf: attacker === owner };
  return CHECKS.find((check) => check.covers(breached));
}

/** The closest thing the caller is to the owner: that is what the operation failed to tell apart. */
export function nearestRelation({
  attacker,
  owner,
  relations,
}: Pick<Cell, 'attacker' | 'owner' | 'relations'>): string {
  if (attacker === 'anonymous') return 'anyone';
  if (attacker === owner) return 'self';
  if (!relations.includes('member')) return 'outsider';
  return relations.filter((each) => each !== 'anyone' && each !== 'member').join('+') || 'member';
}

function findingOf(cells: readonly Cell[]): Finding | undefined {
  const [first] = cells;
  const check = first && checkOf(first);
  if (!first || !check) return undefined;
  const relation = nearestRelation(first);
  const classes = cells.flatMap(({ breach }) => breach?.dataClass ?? []);
  const { statement, remediation, references } = check;
  return {
    id: `${check.id}/${first.operation}/${relation}`,
    check: check.id,
    verdict: first.verdict === 'proven' ? 'proven' : 'likely',
    severity: severityOf(check.severity, classes, relation === 'anyone'),
    statement,
    remediation,
    references,
    protocol: first.protocol,
    operation: first.operation,
    relation,
    servers: distinct(cells.map(({ server }) => server)),
    fields: distinct(cells.map(({ resource, field }) => `${resource}.${field}`)),
    attackers: distinct(cells.map(({ attacker }) => attacker)),
    owners: distinct(cells.map(({ owner }) => owner)),
    cells,
  };
}

function byGravity(a: Finding, b: Finding): number {
  if (a.verdict !== b.verdict) return a.verdict === 'proven' ? -1 : 1;
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (a.id < b.id ? -1 : 1);
}

const distinct = (words: readonly string[]): string[] => [...new Set(words)].sort();
