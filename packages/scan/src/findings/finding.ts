import { type FindingRecord, findingRecord, type Protocol } from '@leakproof/core';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../checks/check.ts';
import type { Cell } from '../ladder/cell.ts';
import { sha256 } from '../proof/digest.ts';
import { SEVERITIES, type Severity, severityOf } from './severity.ts';

/** One root cause: one operation that gives one kind of caller data it is not allowed, on whichever servers. */
export interface Finding {
  /** Stable from scan to scan: check, operation and relation. */
  readonly id: string;
  readonly check: string;
  readonly verdict: 'proven' | 'likely';
  readonly severity: Severity;
  readonly statement: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly protocol: Protocol;
  readonly operation: string;
  /** The closest relation of the callers to the owners: `anyone`, `member`, `self`, one of the contract, or `outsider` (other id space). */
  readonly relation: string;
  readonly servers: readonly string[];
  /** `Resource.field`, sorted. */
  readonly fields: readonly string[];
  /** One for each field: how every other part of Leakproof, and every other scan, names it. */
  readonly records: readonly FindingRecord[];
  readonly attackers: readonly string[];
  readonly owners: readonly string[];
  readonly cells: readonly Cell[];
}

/** The findings in some cells: proven first, then by severity. */
export function findingsOf(cells: readonly Cell[]): Finding[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const check = checkOf(cell);
    if (!check) continue;
    const key = JSON.stringify([cell.verdict, check.id, cell.protocol, cell.operation, closestRelation(cell)]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap((group) => findingOf(group) ?? []).sort(bySeverity);
}

/** The check that a proven or likely cell belongs to. */
export function checkOf(cell: Cell): Check | undefined {
  const { breach, attacker, owner, verdict } = cell;
  if (!breach || (verdict !== 'proven' && verdict !== 'likely')) return undefined;
  const observed = { ...breach, isAnonymous: attacker === 'anonymous', isSelf: attacker === owner };
  return CHECKS.find((check) => check.covers(observed));
}

/** The closest relation of the caller to the owner. */
export function closestRelation({
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
  const relation = closestRelation(first);
  const classes = cells.flatMap(({ breach }) => breach?.dataClass ?? []);
  const { statement, remediation, references } = check;
  const fields = distinct(cells.map(({ resource, field }) => `${resource}.${field}`));
  const operation = { name: first.operation, protocol: first.protocol };
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
    fields,
    records: fields.map((field) => findingRecord({ rule: check.id, operation, viewer: relation, field }, sha256)),
    attackers: distinct(cells.map(({ attacker }) => attacker)),
    owners: distinct(cells.map(({ owner }) => owner)),
    cells,
  };
}

function bySeverity(a: Finding, b: Finding): number {
  if (a.verdict !== b.verdict) return a.verdict === 'proven' ? -1 : 1;
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || (a.id < b.id ? -1 : 1);
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();
