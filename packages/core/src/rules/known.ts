import type { Truth } from '../contract/condition.ts';
import type { CompiledContract } from '../contract/compiled.ts';
import { type Claim, claimKey, type PreRead } from './claim.ts';
import type { OwnerRef } from './principal.ts';

/** The number of relations and states that are decided by lookups. */
export function lookupsOf({ relations, states }: CompiledContract): number {
  return [...Object.values(relations), ...Object.values(states)].filter((rule) => rule.lookup).length;
}

/** A snapshot of answers that are valid now; anything else is `unknown`. */
export interface Known {
  get(claim: Claim): Truth;
  /** The owners that a pre-read of exactly this target found. */
  owners?(read: PreRead): readonly OwnerRef[] | undefined;
}

export const NOTHING_KNOWN: Known = { get: () => 'unknown' };

/** Known answers, by `claimKey`. */
export function knownFrom(answers: ReadonlyMap<string, Truth>): Known {
  return { get: (claim) => answers.get(claimKey(claim)) ?? 'unknown' };
}
