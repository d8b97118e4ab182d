import {
  type Truth,
  readLookupAnswer,
  type Claim,
  decodeUtf8,
  lookupAnswerExpiry,
  type EpochMs,
  isLeakproofError,
  memberOf,
  readJson,
  valueOf,
} from '@leakproof/core';
import type { LookupCall } from './lookup-call.ts';

/** Something the back end said, and until when it may be believed. */
export interface Learnt {
  readonly claim: Claim;
  readonly answer: Exclude<Truth, 'unknown'>;
  readonly untilMs: EpochMs;
}

/**
 * Reads `{"answers": {id: true | false | {"holds": true, …}}}`. What is missing or not understood stays unknown: it is left
 * out, never guessed. An answer that ends is believed until it ends.
 */
export function lookupAnswers(call: LookupCall, body: Uint8Array, nowMs: EpochMs): Learnt[] {
  const answers = readAnswers(body);
  if (!answers) return [];
  return call.claims.flatMap((claim) => {
    const said = Object.hasOwn(answers, claim.owner.id) ? answers[claim.owner.id] : undefined;
    const answer = readLookupAnswer(call.rule, said, nowMs);
    if (answer === 'unknown') return [];
    const endsMs = answer === 'yes' ? lookupAnswerExpiry(call.rule, said) : undefined;
    return [{ claim, answer, untilMs: Math.min(nowMs + call.rule.cacheMs, endsMs ?? Infinity) }];
  });
}

function readAnswers(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const json = readJson(decodeUtf8(body));
    const answers = memberOf(json.root, 'answers');
    return answers?.type === 'object' ? (valueOf(json, answers) as Record<string, unknown>) : undefined;
  } catch (error) {
    if (isLeakproofError(error)) return undefined;
    throw error;
  }
}
