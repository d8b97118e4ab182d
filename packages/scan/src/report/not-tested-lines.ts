import type { NotTested } from '../plan/read-operation.ts';
import type { ScanResult } from '../run/scan-result.ts';

type Coverage = Pick<ScanResult, 'notTested' | 'undeclaredInDocument'>;

/**
 * One line for the operations that only the description has, one for all writes, then one for each reason with all its operations, or
 * for each operation with its reason.
 */
export function notTestedLines({ notTested, undeclaredInDocument }: Coverage): string[] {
  const writes = byOperation(notTested.filter(({ isWrite }) => isWrite));
  const others = byOperation(notTested.filter(({ isWrite }) => !isWrite));
  return [
    ...undeclaredLines(undeclaredInDocument),
    ...(writes.length > 1 ? [writesLine(writes)] : writes.map(lineOf)),
    ...grouped(others),
  ];
}

/** Names in the line of undeclared operations; report.json has all. */
const MAX_NAMES = 30;

function undeclaredLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const [what, verb] = names.length === 1 ? ['1 operation', 'is'] : [`${names.length} operations`, 'are'];
  const more = names.length > MAX_NAMES ? `, … ${names.length - MAX_NAMES} more; report.json has all` : '';
  const listed = names.slice(0, MAX_NAMES).join(', ');
  return [`${what} of \`api.openapi\` ${verb} in no operation of the contract: ${listed}${more}`];
}

interface Entry {
  readonly operation: string;
  readonly reason: string;
  readonly servers: readonly string[];
}

/** One entry for each operation and reason, with all its servers. */
function byOperation(notTested: readonly NotTested[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const { operation, reason, server } of notTested) {
    const key = `${operation}\n${reason}`;
    entries.set(key, { operation, reason, servers: [...(entries.get(key)?.servers ?? []), server] });
  }
  return [...entries.values()];
}

/** So many operations with the same reason are one line. */
const MANY = 4;

function grouped(entries: readonly Entry[]): string[] {
  const byReason = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.reason}\n${entry.servers.join(', ')}`;
    byReason.set(key, [...(byReason.get(key) ?? []), entry]);
  }
  return [...byReason.values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length < MANY) return same.map(lineOf);
    return [`${same.length} operations: ${namesOf(same)}: ${first.reason} (${first.servers.join(', ')})`];
  });
}

function writesLine(writes: readonly Entry[]): string {
  const servers = [...new Set(writes.flatMap((each) => each.servers))].join(', ');
  const names = new Set(writes.map(({ operation }) => operation));
  return `${names.size} writes: ${[...names].join(', ')}: they may change data; name those that do not in \`reads\` (${servers})`;
}

const namesOf = (entries: readonly Entry[]): string => entries.map(({ operation }) => operation).join(', ');

const lineOf = ({ operation, reason, servers }: Entry): string => `${operation}: ${reason} (${servers.join(', ')})`;
