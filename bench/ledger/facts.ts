import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Duck } from '../../packages/ledger/src/engine/duck.ts';
import { appendToManifest, type ColumnFile, readManifest } from '../../packages/ledger/src/columns/manifest.ts';
import { writeColumnFile } from '../../packages/ledger/src/columns/write-file.ts';

/** Facts as in a large service: 20,000 principals (cubic skew), 2 million owners, 200 operations, 600 sets of fields. */
export interface Amount {
  readonly facts: number;
  readonly days: number;
  readonly ownersPerRequest: number;
}

export const START_MS = Date.parse('2021-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

export function dayOf(index: number): string {
  return new Date(START_MS + index * DAY_MS).toISOString().slice(0, 10);
}

/** A query for the facts of one day, in the order of time; the same for the same arguments. */
function factsOfDay(day: number, { facts, days, ownersPerRequest }: Amount): string {
  const requests = Math.ceil(facts / days / ownersPerRequest);
  const unit = (salt: number): string => `(hash(n * 16 + ${salt}) / 18446744073709551616.0)`;
  const token = (expression: string): string => `(hash(${expression}) >> 1)::BIGINT`;
  return `with requests as (select range + ${day} * ${requests}::BIGINT as n,
      range * ${Math.floor(86_400_000_000 / requests)} + floor(${unit(1).replaceAll('n *', 'range *')} * 1000)::BIGINT as since from range(${requests})),
    drawn as (select n, since, floor(pow(${unit(2)}, 3) * 20000)::BIGINT as p, floor(pow(${unit(3)}, 2) * 200)::BIGINT as o,
      floor(pow(${unit(4)}, 2) * 600)::BIGINT as f from requests)
    select make_timestamptz(${(START_MS + day * DAY_MS) * 1000}::BIGINT + since) as ts, n as request, ${token(`'p' || p`)} as principal,
      ${token(`floor(hash(n * 64 + k) / 18446744073709551616.0 * 2000000)::BIGINT + 7000000`)} as owner,
      '0123456789abcdef0123456789abcdef' as node, 'us' as "server", 'GET /api/things/' || o || '/{id}' as "operation",
      'member' as principal_kind, 'person' as owner_kind, null::VARCHAR as role, false as about, 'Thing' || (f % 20) as resource,
      'anyone,member' as relations, case when f % 7 = 0 then 'private' else '' end as states,
      'id,name,f' || f || ',age' as seen, case when f % 5 = 0 then 'weight' else '' end as exposed,
      case when f % 3 = 0 then 'email,phone' else '' end as withheld, 0::INTEGER as undeclared, 'digest' as contract,
      'enforce' as mode, 'complete' as ended
    from drawn, (select range as k from range(${ownersPerRequest}))`;
}

/** Writes a ledger of merged days, or finds the one that an earlier run left. Returns the directory of its log. */
export async function ledgerOf(amount: Amount): Promise<string> {
  const name = `facts-${amount.facts}-${amount.days}-${amount.ownersPerRequest}`;
  const directory = join(import.meta.dirname, '..', '..', '.leakproof', 'ledger', name);
  if (readManifest(directory).lines.length === amount.days && existsSync(directory)) return directory;
  rmSync(directory, { recursive: true, force: true });
  const folder = join(directory, 'columns');
  mkdirSync(folder, { recursive: true });
  const duck = await Duck.open({ directory: folder, memory: '4GB' });
  try {
    for (let index = 0; index < amount.days; index++) {
      const day = dayOf(index);
      const path = `facts/dt=${day}/day-${String(index + 1).padStart(8, '0')}.parquet`;
      const add: ColumnFile[] = [];
      const query = `${factsOfDay(index, amount)} order by ts, request, owner`;
      add.push(await writeColumnFile(duck, { folder, path, kind: 'facts', day, query }));
      const rows = `select owner, file_row_number::INTEGER as "row"
        from read_parquet('${join(folder, path)}', file_row_number = true, hive_partitioning = false) order by owner, file_row_number`;
      const owners = path.replace('facts', 'owners');
      add.push(await writeColumnFile(duck, { folder, path: owners, kind: 'owners', day, query: rows }));
      appendToManifest(directory, { do: 'merge', add, remove: [] }, START_MS);
      process.stderr.write(`\r${day}`);
    }
    process.stderr.write('\r');
  } finally {
    duck.close();
  }
  return directory;
}
