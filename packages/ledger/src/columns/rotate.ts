import type { Change } from './change.ts';
import { countInLog } from './erase.ts';
import { filesOf } from './ledger-state.ts';
import { readFiles } from './merge.ts';
import { rewrite } from './rewrite.ts';
import { roll } from './roll.ts';
import { columnList, EVENT_COLUMNS, FACT_COLUMNS } from './schema.ts';

export interface RotateOptions {
  /** Names of the keys, not the keys. */
  readonly oldKey: string;
  readonly newKey: string;
  /** Old and new token of each person in the escrow. */
  readonly pairs: readonly (readonly [bigint, bigint])[];
}

export interface RotateReport {
  readonly rows: number;
  readonly files: number;
  /** Records of the log that still have old tokens. The rotation ends when there are none. */
  readonly pending: number;
  /** Distinct tokens that are neither old nor new: they have no entry in the escrow. */
  readonly unmapped: number;
  readonly ended: boolean;
}

/**
 * Replaces old tokens by new ones in every file. Until it has ended, accounts print their counts as upper bounds: the manifest
 * records the begin first. May be run again, and continues.
 */
export async function rotate(change: Change, { oldKey, newKey, pairs }: RotateOptions): Promise<RotateReport> {
  const current = change.state().rotation;
  if (current?.newKey !== newKey) change.record({ do: 'rotate-begin', oldKey, newKey });
  await roll(change, { keepLogMs: 0 });
  const { duck } = change;
  await duck.run('create or replace temp table pairs (old_token BIGINT, new_token BIGINT)');
  await duck.append('pairs', ['BIGINT', 'BIGINT'], [pairs.map(([old]) => old), pairs.map(([, token]) => token)]);
  const done = await rewrite(change, {
    why: 'rotate',
    countOf: (source, kind) =>
      `select count(*) from ${source} where ${(kind === 'facts' ? ['owner', 'principal'] : ['principal'])
        .map((column) => `${column} in (select old_token from pairs)`)
        .join(' or ')}`,
    queryOf: (source, kind) => {
      const mapped = (column: string): string =>
        `coalesce((select new_token from pairs where old_token = files.${column}), files.${column}) as ${column}`;
      const columns = columnList(kind === 'facts' ? FACT_COLUMNS : EVENT_COLUMNS)
        .replace('"principal"', mapped('principal'))
        .replace('"owner"', mapped('owner'));
      return `select ${columns} from ${source} files ${kind === 'facts' ? 'order by ts, node, request, owner' : 'order by ts, node, position'}`;
    },
  });
  const unmapped = await countUnmapped(change);
  const pending = countUnrolled(change, pairs);
  if (pending === 0) change.record({ do: 'rotate-end', oldKey, newKey, unmapped });
  return { ...done, pending, unmapped, ended: pending === 0 };
}

async function countUnmapped(change: Change): Promise<number> {
  const files = filesOf(change.state(), 'facts');
  if (files.length === 0) return 0;
  const source = readFiles(change.folder, files);
  return change.duck.number(`select count(*) from
    (select owner as token from ${source} union select principal from ${source})
    where token is not null and token not in (select old_token from pairs union select new_token from pairs)`);
}

/** Rolled segments are in the files already; those that stay in the log for budgets are no part of an account. */
function countUnrolled(change: Change, pairs: RotateOptions['pairs']): number {
  return countInLog(change.directory, new Set(pairs.map(([old]) => old)), change.state());
}
