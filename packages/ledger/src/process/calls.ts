import { askLedger, type AskOptions } from '../ask-ledger.ts';
import { change, type ChangeOptions } from '../columns/change.ts';
import { merge, type MergeReport } from '../columns/merge.ts';
import { roll, type RollOptions, type RollReport } from '../columns/roll.ts';
import type { Answers, QueryName } from '../engine/ledger-engine.ts';
import type { Question } from '../engine/question.ts';

export interface RollCall extends ChangeOptions, RollOptions {
  readonly directory: string;
  /** Days before this one (UTC) are merged; none without it. */
  readonly mergeBeforeDay?: string | undefined;
}

export interface AskCall {
  readonly directory: string;
  readonly name: QueryName;
  readonly question: Question & AskOptions;
}

/** What runs in the process of the engine, by name. */
export const CALLS = {
  async roll({
    directory,
    mergeBeforeDay,
    ...options
  }: RollCall): Promise<RollReport & { readonly merged: MergeReport }> {
    return change(directory, options, async (current) => {
      const rolled = await roll(current, options);
      const merged = mergeBeforeDay === undefined ? { days: 0, filesBefore: 0 } : await merge(current, mergeBeforeDay);
      return { ...rolled, merged };
    });
  },
  async ask({ directory, name, question }: AskCall): Promise<Answers[QueryName]> {
    return askLedger(directory, name, question);
  },
};

export type Calls = typeof CALLS;

export type CallResult<Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>;
