import type { Truth } from '../contract/condition.ts';
import type { CompiledContract } from '../contract/compiled.ts';
import { type Claim, claimKey, type PreRead } from './claim.ts';
import type { OwnerRef } from './principal.ts';

/** How many kinds of claims a contract makes. */
export function lookupsOf({ relations, states }: CompiledContract): number {
  return [...Object.values(relations), ...Object.values(states)].filter((rule) => rule.lookup).length;
}

/** A snapshot of answers that are valid now. What it does not hold is `unknown`. */
export interface Known {
  get(claim: Claim): Truth;
  /** The owners of the object that an earlier call of `operation` on this very target gave, where a pre-read was asked. */
  owners?(read: PreRead): readonly OwnerRef[] | undefined;
}

export const NOTHING_KNOWN: Known = { get: () => 'unknown' };

/** Answers kept by claim. */
export function knownFrom(answers: ReadonlyMap<string, Truth>): Known {
  return { get: (claim) => answers.get(claimKey(claim)) ?? 'unknown' };
}
