import { listLogSegments, readLog } from '@leakproof/log';
import { isLeakproofError, LeakproofError } from '@leakproof/core';
import { type LedgerState, ledgerState } from './columns/ledger-state.ts';
import { type ColumnFile, columnsFolder, readManifest } from './columns/manifest.ts';
import { unrolled } from './columns/roll.ts';
import { breakOf, type ColumnBreak } from './columns/verify-columns.ts';
import { DuckEngine } from './engine/duck-engine.ts';
import type { Answers, QueryName } from './engine/ledger-engine.ts';
import type { Question } from './engine/question.ts';

export interface AskOptions {
  readonly nowMs: number;
  readonly threads?: number | undefined;
  readonly memory?: string | undefined;
  /** `hash` (default) finds every changed byte of the files that are read; `size` only truncated ones. */
  readonly check?: 'hash' | 'size' | undefined;
}

type Resolved = { readonly [Name in keyof AskOptions]-?: NonNullable<AskOptions[Name]> };

const MAX_TRIES = 8;

/**
 * Answers a question from the columns and from the part of the log that is not in them yet. Files of columns that were changed
 * are left out and reported. A roll or merge at the same time makes it start again, so that nothing is counted twice or missed.
 */
export async function askLedger<Name extends QueryName>(
  directory: string,
  name: Name,
  { nowMs, threads = 2, memory = '2GB', check = 'hash', ...question }: Question & AskOptions,
): Promise<Answers[Name]> {
  const options = { nowMs, threads, memory, check };
  for (let tries = 1; ; tries++) {
    const head = readManifest(directory).head;
    try {
      const engine = await openEngine(directory, question, options);
      try {
        const answer = await engine.ask(name, question);
        if (readManifest(directory).head === head || tries >= MAX_TRIES) return answer;
      } finally {
        engine.close();
      }
    } catch (error) {
      if (readManifest(directory).head === head || tries >= MAX_TRIES) throw engineError(error);
    }
  }
}

/** An engine with the files that can be in the answer, and the frames that are in no file yet. */
async function openEngine(
  directory: string,
  question: Question,
  { nowMs, threads, memory, check }: Resolved,
): Promise<DuckEngine> {
  const manifest = readManifest(directory);
  const state = ledgerState(manifest);
  const folder = columnsFolder(directory);
  const { files, breaks } = await usable(folder, { state, question, check });
  if (manifest.broken?.why === 'chain') breaks.push({ file: 'manifest.ndjson', ...manifest.broken });
  const segments = listLogSegments(directory);
  const engine = await DuckEngine.open({
    directory: folder,
    files,
    open: state.open,
    nowMs,
    threads,
    memory,
    without: [...state.marks.keys()],
    problems: breaks.map(({ file, offset, why }) => ({ why, file, offset, count: state.files.get(file)?.rows ?? 0 })),
    bound: boundOf(state),
  });
  try {
    const after = unrolled(state, segments);
    const tail = readLog(directory, { after, onPassedOver: (passed) => engine.putPassedOver(passed) });
    for (const frame of tail) await engine.put(frame);
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** The files whose rows can be in the answer and that are as they were written. */
async function usable(
  folder: string,
  {
    state,
    question,
    check,
  }: { readonly state: LedgerState; readonly question: Question; readonly check: 'hash' | 'size' },
): Promise<{ readonly files: readonly ColumnFile[]; readonly breaks: ColumnBreak[] }> {
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = question;
  const files: ColumnFile[] = [];
  const breaks: ColumnBreak[] = [];
  for (const file of state.files.values()) {
    const isRead = file.kind !== 'facts' || (file.toUs >= sinceMs * 1000 && file.fromUs < untilMs * 1000);
    // Files of other times are only looked at to tell a misspelt name from one that is not in these days.
    const found = await breakOf(folder, file, isRead ? check : 'size');
    if (found === undefined) files.push(file);
    // Without an index, the column is read.
    else if (file.kind !== 'owners') breaks.push(found);
  }
  return { files, breaks };
}

/** Why distinct owners may be counted twice, if they may. */
function boundOf({ rotation }: LedgerState): string | undefined {
  if (rotation === undefined) return undefined;
  if (rotation.unmapped === undefined)
    return 'The key is being rotated: a person may have two tokens, so distinct owners are upper bounds until `ledger rotate` has ended.';
  return `${rotation.unmapped} tokens of an earlier key have no entry in the escrow: those people may be counted twice, so distinct owners are upper bounds.`;
}

/** An error of the engine, with a code. */
export function engineError(error: unknown): unknown {
  if (isLeakproofError(error) || !(error instanceof Error)) return error;
  return new LeakproofError('LP-LEDGER-ENGINE', `The engine failed: ${error.message.split('\n', 1)[0]}`, {
    cause: error,
  });
}
