import { decodeRecord, isLeakproofError, LeakproofError, type LogRecord } from '@leakproof/core';
import { listLogSegments, readLog } from '@leakproof/log';
import type { Change } from './change.ts';
import { filesOf, type LedgerState } from './ledger-state.ts';
import { readFiles } from './merge.ts';
import { rewrite } from './rewrite.ts';
import { roll, unrolled } from './roll.ts';
import { columnList, EVENT_COLUMNS, FACT_COLUMNS } from './schema.ts';
import { token64 } from './token64.ts';

export interface EraseReport {
  /** Rows that were removed, or whose principal was removed. */
  readonly rows: number;
  readonly files: number;
  /** Records still in segments of the log that are not closed, or that a writer continues: run it again when they are. */
  readonly pending: number;
  /** Copies that were exported before. Nothing is known of them since. */
  readonly exports: LedgerState['exports'];
}

/**
 * Removes a person: the rows of which it is the owner, and its token where it was the principal (the rows stay: they are other
 * people's). Throws LP-LEDGER-HELD if a hold keeps a day with such rows, and changes nothing then.
 */
export async function erase(change: Change, token: string): Promise<EraseReport> {
  await roll(change, { keepLogMs: Number.NEGATIVE_INFINITY });
  const id = token64(token);
  await assertNotHeld(change, id);
  const change64 = `owner = ${id} or principal = ${id}`;
  const done = await rewrite(change, {
    why: 'erase',
    countOf: (source, kind) =>
      `select count(*) from ${source} where ${kind === 'facts' ? change64 : `principal = ${id}`}`,
    queryOf: (source, kind) => {
      const columns = columnList(kind === 'facts' ? FACT_COLUMNS : EVENT_COLUMNS).replace(
        '"principal"',
        `nullif(principal, ${id}) as principal`,
      );
      const order = kind === 'facts' ? 'order by ts, node, request, owner' : 'order by ts, node, position';
      return `select ${columns} from ${source} ${kind === 'facts' ? `where owner is distinct from ${id}` : ''} ${order}`;
    },
  });
  return { ...done, pending: countInLog(change.directory, new Set([id])), exports: change.state().exports };
}

async function assertNotHeld(change: Change, id: bigint): Promise<void> {
  const state = change.state();
  for (const hold of state.holds) {
    const files = filesOf(state, 'facts').filter(({ day }) => day >= hold.fromDay && day <= hold.toDay);
    if (files.length === 0) continue;
    const sql = `select count(*) from ${readFiles(change.folder, files)} where owner = ${id} or principal = ${id}`;
    if ((await change.duck.number(sql)) > 0)
      throw new LeakproofError(
        'LP-LEDGER-HELD',
        `Nothing was erased: the hold "${hold.name}" keeps records of this person from ${hold.fromDay} to ${hold.toDay}.`,
      );
  }
}

/** Records of the log that name one of the tokens; with `state`, only those that are not in the columns. */
export function countInLog(directory: string, tokens: ReadonlySet<bigint>, state?: LedgerState): number {
  let count = 0;
  const after = state === undefined ? {} : unrolled(state, listLogSegments(directory));
  for (const frame of readLog(directory, { after })) {
    if (frame.kind !== 'facts') continue;
    let record: LogRecord;
    try {
      record = decodeRecord(frame.payload);
    } catch (error) {
      if (!isLeakproofError(error)) throw error;
      continue;
    }
    const named = record.type === 'access' || record.type === 'refusal' ? [record.principal.token ?? ''] : [];
    if (record.type === 'access') for (const facts of record.facts) named.push(...facts.tokens);
    if (named.some((token) => token !== '' && tokens.has(token64(token)))) count += 1;
  }
  return count;
}
