import {
  type CompiledContract,
  decodeUtf8,
  type ErrorCode,
  type FactGroup,
  groupFacts,
  isLeakproofError,
  type JsonText,
  readJson,
  type ResponsePlan,
  seal,
  type Sealed,
} from '@leakproof/core';
import { saysJson } from '../http/content-type.ts';
import { decodeContent } from '../http/decode-content.ts';
import type { Answers } from './answers.ts';
import type { Passage } from './command.ts';
import type { Engine } from './engine.ts';
import type { Outgoing } from './message.ts';

export interface Sealing {
  readonly contract: CompiledContract;
  readonly plan: ResponsePlan;
  readonly answers: Answers;
}

/** What leaves, with what is recorded of it. */
type Verdict = Omit<Exclude<Sealed, { is: 'ask' }>, 'facts'> & { readonly facts: readonly FactGroup[] };

/** Reads the body of a response, or says why it cannot be judged. */
export function readBody(engine: Engine, response: Outgoing): JsonText | ErrorCode {
  if (!saysJson(response.headers)) return 'LP-RESPONSE-UNREADABLE';
  const { maxBodyBytes: maxBytes, maxRatio } = engine.limits;
  const body = decodeContent(response.headers, response.body, { maxBytes, maxRatio });
  if (body === 'unreadable') return 'LP-RESPONSE-UNREADABLE';
  if (body === 'too-large') return 'LP-RESPONSE-TOO-LARGE';
  try {
    return readJson(decodeUtf8(body));
  } catch (error) {
    if (isLeakproofError(error)) return error.code;
    throw error;
  }
}

/** Judges a whole body (`monitor`), asking what has to be asked: in bulk, once, and what did not come is unknown. */
export function* sealBody(json: JsonText, { contract, plan, answers }: Sealing): Passage<Verdict> {
  for (let final = false; ;) {
    const { expected, principal } = plan;
    const sealed = seal(contract, json, { expected, principal, mode: 'monitor', known: answers, final });
    if (sealed.is !== 'ask') return { ...sealed, facts: groupFacts(sealed.facts) };
    final = !(yield* answers.ask(plan.server, sealed.asks));
  }
}
