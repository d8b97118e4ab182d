import {
  type AccessFact,
  type CompiledContract,
  decodeUtf8,
  isLeakproofError,
  type Known,
  readJson,
  seal,
  type SealRequest,
  ungroupFacts,
} from '@leakproof/core';
import { createCut } from '../create-cut.ts';
import type { CutOptions, CutPlan } from '../cut-options.ts';
import type { Admission, Step } from '../step.ts';

/** What becomes of one body, by the cut or by the reference. */
export interface Outcome {
  readonly type: 'body' | 'gone' | 'misshapen' | 'unreadable' | 'too-large';
  readonly text: string | undefined;
  /** Sorted: groups of facts have no order. */
  readonly facts: readonly AccessFact[];
}

function inOrder(facts: readonly AccessFact[]): AccessFact[] {
  return facts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({
  owner,
  role,
  about,
  resource,
  relations,
  states,
  seen,
  exposed,
  withheld,
  undeclared,
}: AccessFact): string {
  const { kind, space, id } = owner;
  return JSON.stringify([
    resource,
    kind,
    space,
    id,
    role,
    about,
    relations,
    states,
    seen,
    exposed,
    withheld,
    undeclared,
  ]);
}

/** The inputs that both paths have in common. */
export interface CutCase {
  readonly contract: CompiledContract;
  readonly plan: CutPlan;
  readonly known: Known;
}

/** What the reference, `seal`, makes of a body. */
export function sealOutcome(
  { contract, plan, known }: CutCase,
  body: Uint8Array,
  admits?: SealRequest['admits'],
): Outcome {
  try {
    const sealed = seal(contract, readJson(decodeUtf8(body)), {
      ...plan,
      known,
      final: true,
      ...(admits ? { admits } : {}),
    });
    if (sealed.type === 'ask') throw new Error('The reference asked a claim, although `final` is set.');
    return { type: sealed.type, text: sealed.type === 'body' ? sealed.text : undefined, facts: inOrder(sealed.facts) };
  } catch (error) {
    if (isLeakproofError(error) && error.code.startsWith('LP-JSON-')) return UNREADABLE;
    throw error;
  }
}

const UNREADABLE: Outcome = { type: 'unreadable', text: undefined, facts: [] };

/** What the cut makes of a body that is pushed in parts, with all claims answered by `known`. */
export function cutOutcome(
  {
    contract,
    plan,
    known,
    answerAdmission,
  }: CutCase & {
    /** Answers what `admits` of the options has left to be asked. */
    readonly answerAdmission?: (owners: Admission) => boolean;
  },
  parts: readonly Uint8Array[],
  options: CutOptions = {},
): Outcome & { readonly asks: number; readonly started: boolean } {
  const cut = createCut(contract, plan, options);
  const chunks: Uint8Array[] = [];
  const facts: AccessFact[] = [];
  let asks = 0;
  let refused: (Step & { type: 'refuse' }) | undefined;
  const take = (first: Step): void => {
    let step = first;
    for (;;) {
      if (step.type === 'more') return;
      facts.push(...ungroupFacts(step.facts));
      if (step.type === 'refuse') {
        refused = step;
        return;
      }
      chunks.push(...step.chunks.map((each) => each.slice()));
      if (step.type !== 'ask') return;
      asks++;
      step = cut.answer(
        known,
        step.admissions.map((owners) => answerAdmission?.(owners) ?? false),
      );
    }
  };
  for (const part of parts) if (!refused) take(cut.push(part));
  if (!refused) take(cut.end());
  if (refused) return { type: refused.because, text: undefined, facts: inOrder(facts), asks, started: refused.started };
  return { type: 'body', text: decodeUtf8(join(chunks)), facts: inOrder(facts), asks, started: true };
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of chunks) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

/** Splits bytes at each of `indexes`, taken modulo the length. */
export function split(bytes: Uint8Array, indexes: readonly number[]): Uint8Array[] {
  const at = [...new Set(indexes.map((index) => index % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.slice(from, at[index] ?? bytes.length));
}
