import { askLedger, type AskOptions } from '../ask-ledger.ts';
import { change, type ChangeOptions } from '../columns/change.ts';
import { erase, type EraseReport } from '../columns/erase.ts';
import { merge, type MergeReport } from '../columns/merge.ts';
import { rotate, type RotateOptions, type RotateReport } from '../columns/rotate.ts';
import { roll, type RollOptions, type RollReport } from '../columns/roll.ts';
import type { Answers, QueryName } from '../engine/ledger-engine.ts';
import type { Question } from '../engine/question.ts';

export interface RollCall extends ChangeOptions, RollOptions {
  readonly directory: string;
  /** Days before this one (UTC) are merged; none without it. */
  readonly mergeBeforeDay?: string | undefined;
}

export interface EraseCall extends ChangeOptions {
  readonly directory: string;
  readonly token: string;
}

export interface RotateCall extends RotateOptions {
  readonly directory: string;
  readonly nowMs: number;
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
  async erase({ directory, token, ...options }: EraseCall): Promise<EraseReport> {
    return change(directory, options, (current) => erase(current, token));
  },
  async rotate({ directory, nowMs, ...rotation }: RotateCall): Promise<RotateReport> {
    return change(directory, { nowMs }, (current) => rotate(current, rotation));
  },
  async ask({ directory, name, question }: AskCall): Promise<Answers[QueryName]> {
    return askLedger(directory, name, question);
  },
};

export type Calls = typeof CALLS;

export type CallResult<Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>;
