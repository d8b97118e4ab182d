import {
  type AccessFact,
  type CompiledContract,
  decodeUtf8,
  ungroupFacts,
  isLeakproofError,
  type Known,
  readJson,
  seal,
  type SealRequest,
} from '@leakproof/core';
import { createCut } from '../create-cut.ts';
import type { CutOptions, CutPlan } from '../cut-options.ts';
import type { Step } from '../step.ts';

/** What came of a body, by either path. */
export interface Outcome {
  readonly type: 'body' | 'gone' | 'misshapen' | 'unreadable' | 'too-large';
  readonly text: string | undefined;
  /** Without an order: what is told group by group has none. */
  readonly facts: readonly AccessFact[];
}

function inOrder(facts: readonly AccessFact[]): AccessFact[] {
  return facts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** All of a fact, whatever the order of its members. */
function keyOf({ owner, role, about, resource, relations, states, seen, exposed, withheld }: AccessFact): string {
  const { kind, space, id } = owner;
  return JSON.stringify([resource, kind, space, id, role, about, relations, states, seen, exposed, withheld]);
}

/** What the reference makes of a body. */
export function sealOutcome(
  contract: CompiledContract,
  plan: CutPlan,
  known: Known,
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
    if (sealed.type === 'ask') throw new Error('The reference was told to ask nothing.');
    return { type: sealed.type, text: sealed.type === 'body' ? sealed.text : undefined, facts: inOrder(sealed.facts) };
  } catch (error) {
    if (isLeakproofError(error) && error.code.startsWith('LP-JSON-')) return UNREADABLE;
    throw error;
  }
}

const UNREADABLE: Outcome = { type: 'unreadable', text: undefined, facts: [] };

/** Pushes a body in parts, answers whatever is asked by `known`, and joins what came. */
export function cutOutcome(
  contract: CompiledContract,
  plan: CutPlan,
  known: Known,
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
      step = cut.answer(known);
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

/** Splits bytes behind each of `places`, taken modulo their number. */
export function split(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.slice(from, at[index] ?? bytes.length));
}
