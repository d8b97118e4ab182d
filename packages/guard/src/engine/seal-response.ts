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
import { decodeContent, type FullResponse, saysJson, STRICT } from '@leakproof/http';
import type { LookupSession } from '../lookup/lookup-session.ts';
import type { RequestFlow } from './command.ts';
import type { Engine } from './engine.ts';

export interface Sealing {
  readonly contract: CompiledContract;
  readonly plan: ResponsePlan;
  readonly answers: LookupSession;
}

/** What leaves, with what is recorded of it. */
type Verdict = Omit<Exclude<Sealed, { type: 'ask' }>, 'facts'> & { readonly facts: readonly FactGroup[] };

/** Reads the body of a response, or says why it cannot be judged. */
export function readBody(engine: Engine, response: FullResponse): JsonText | ErrorCode {
  if (!saysJson(response.headers)) return 'LP-RESPONSE-UNREADABLE';
  const { maxBodyBytes: maxBytes, maxRatio } = engine.limits;
  const body = decodeContent(response.headers, response.body, { ...STRICT, maxBytes, maxRatio });
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
export function* sealBody(json: JsonText, { contract, plan, answers }: Sealing): RequestFlow<Verdict> {
  for (let final = false; ;) {
    const { expected, principal } = plan;
    const sealed = seal(contract, json, { expected, principal, mode: 'monitor', known: answers, final });
    if (sealed.type !== 'ask') return { ...sealed, facts: groupFacts(sealed.facts) };
    final = !(yield* answers.ask(plan.server, sealed.asks));
  }
}
