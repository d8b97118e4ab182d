import { type AskOptions, askLedger } from '../ask-ledger.ts';
import type { Answers, QueryName } from '../engine/ledger-engine.ts';
import type { Question } from '../engine/question.ts';
import { CALLS, type CallResult, type RollCall } from '../process/calls.ts';

/** As the ledger's, without a process for each call: tests are faster. */
export async function ask<Name extends QueryName>(
  directory: string,
  name: Name,
  question: Question & AskOptions,
): Promise<Answers[Name]> {
  return askLedger(directory, name, question);
}

export async function rollLog(options: RollCall): Promise<CallResult<'roll'>> {
  return CALLS.roll(options);
}
