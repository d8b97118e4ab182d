import type { AskOptions } from './ask-ledger.ts';
import type { Answers, QueryName } from './engine/ledger-engine.ts';
import type { Question } from './engine/question.ts';
import { callEngine } from './process/call-engine.ts';
import type { RollCall } from './process/calls.ts';
import type { MergeReport } from './columns/merge.ts';
import type { RollReport } from './columns/roll.ts';
import { type ColumnsReport, verifyColumns } from './columns/verify-columns.ts';
import { type LogReport, verifyLog } from '@leakproof/log';

/**
 * Answers a named question about a ledger, in a process of its own. `directory` is that of the log; its columns are in `columns`.
 * Throws LP-FILE-UNREADABLE if there is no such directory, LP-LEDGER-ENGINE if the engine fails.
 */
export async function ask<Name extends QueryName>(
  directory: string,
  name: Name,
  question: Question & AskOptions,
): Promise<Answers[Name]> {
  return (await callEngine('ask', { directory, name, question })) as Answers[Name];
}

/** Rolls closed segments of the log into columns, and merges the days before `mergeBeforeDay`, in a process of its own. */
export async function rollLog(options: RollCall): Promise<RollReport & { readonly merged: MergeReport }> {
  return callEngine('roll', options);
}

export interface LedgerReport {
  readonly whole: boolean;
  readonly isEmpty: boolean;
  readonly log: LogReport;
  readonly columns: ColumnsReport;
}

/** Checks the log and the columns: every byte of both. */
export async function verifyLedger(directory: string): Promise<LedgerReport> {
  const log = verifyLog(directory);
  const columns = await verifyColumns(directory);
  return {
    whole: log.whole && columns.whole,
    isEmpty: log.isEmpty && columns.files === 0,
    log,
    columns,
  };
}
