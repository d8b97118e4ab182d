import {
  type Claim,
  decodeUtf8,
  type EpochMs,
  isLeakproofError,
  lookupAnswerExpiry,
  memberOf,
  readJson,
  readLookupAnswer,
  type Truth,
  valueOf,
} from '@leakproof/core';
import type { LookupCall } from './lookup-call.ts';

/** A claim that the back end answered, and until when the answer is valid. */
export interface AnsweredClaim {
  readonly claim: Claim;
  readonly answer: Exclude<Truth, 'unknown'>;
  readonly expiresMs: EpochMs;
}

/**
 * Reads `{"answers": {id: true | false | {"holds": true, …}}}`. A claim whose answer is missing or malformed stays unknown and
 * is left out. An answer is valid for the lookup's `cache`, and no longer than the time that it names itself (`until`).
 */
export function readLookupResponse({ rule, claims }: LookupCall, body: Uint8Array, nowMs: EpochMs): AnsweredClaim[] {
  const answers = readAnswers(body);
  if (!answers) return [];
  return claims.flatMap((claim) => {
    const given = Object.hasOwn(answers, claim.owner.id) ? answers[claim.owner.id] : undefined;
    const answer = readLookupAnswer(rule, given, nowMs);
    if (answer === 'unknown') return [];
    const endsMs = answer === 'yes' ? lookupAnswerExpiry(rule, given) : undefined;
    return [{ claim, answer, expiresMs: Math.min(nowMs + rule.cacheMs, endsMs ?? Infinity) }];
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
