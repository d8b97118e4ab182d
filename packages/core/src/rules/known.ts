import type { Truth } from '../contract/condition.ts';
import type { CompiledContract } from '../contract/compiled.ts';
import { type Claim, claimKey, type PreRead } from './claim.ts';
import type { OwnerRef } from './principal.ts';

/** The number of relations and states that are decided by lookups. */
export function lookupsOf({ relations, states }: CompiledContract): number {
  return [...Object.values(relations), ...Object.values(states)].filter((rule) => rule.lookup).length;
}

/**
 * The owners of a pre-read object. `unknown`: the answer was no readable success, or names an owner that cannot be read. It is
 * never taken for an object without owners.
 */
export type FoundOwners = readonly OwnerRef[] | 'unknown';

/** A snapshot of answers that are valid now; anything else is `unknown`. */
export interface Known {
  get(claim: Claim): Truth;
  /**
   * Relations and states that the contract reads in objects are asked here too, and nothing is taken from the object that is judged:
   * an answer under test must not justify itself. Conditions that read only the caller's claims are evaluated.
   */
  readonly alone?: true;
  /** What a pre-read of exactly this target found; undefined if it was not made. */
  owners?(read: PreRead): FoundOwners | undefined;
}

export const NOTHING_KNOWN: Known = { get: () => 'unknown' };

/** Known answers, by `claimKey`. */
export function knownFrom(answers: ReadonlyMap<string, Truth>): Known {
  return { get: (claim) => answers.get(claimKey(claim)) ?? 'unknown' };
}
