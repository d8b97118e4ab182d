import type { NotTested } from '../plan/read-operation.ts';

/** One line for all writes, then one for each reason with all its operations, or for each operation with its reason. */
export function notTestedLines(notTested: readonly NotTested[]): string[] {
  const writes = byOperation(notTested.filter(({ isWrite }) => isWrite));
  const others = byOperation(notTested.filter(({ isWrite }) => !isWrite));
  return [...(writes.length > 1 ? [writesLine(writes)] : writes.map(lineOf)), ...grouped(others)];
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
