import type { CompiledContract } from '../contract/compiled.ts';
import { ClaimMap } from './claim-map.ts';
import { type KnownPrincipal, type OwnerRef, ownerKey } from './principal.ts';

/** Something only the API's own back end can say. */
export type Claim =
  | { readonly is: 'relation'; readonly relation: string; readonly principal: KnownPrincipal; readonly owner: OwnerRef }
  | { readonly is: 'state'; readonly state: string; readonly owner: OwnerRef };

/** How many kinds of claims a contract makes. */
export function lookupsOf({ relations, states }: CompiledContract): number {
  return [...Object.values(relations), ...Object.values(states)].filter((rule) => rule.lookup).length;
}

export type Answer = 'yes' | 'no' | 'unknown';

/** A snapshot of answers that are valid now. What it does not hold is `unknown`. */
export interface Known {
  get(claim: Claim): Answer;
  /** The owners of the object that an earlier call of `operation` on this very target gave, where a pre-read was asked. */
  owners?(read: PreRead): readonly OwnerRef[] | undefined;
}

/** A read the guard makes itself before a write, to learn whose object it is. */
export interface PreRead {
  readonly operation: string;
  readonly target: string;
}

export const NOTHING_KNOWN: Known = { get: () => 'unknown' };

/** A key for maps; no two claims share one. */
export function claimKey(claim: Claim): string {
  if (claim.is === 'state') return JSON.stringify(['state', claim.state, ownerKey(claim.owner)]);
  const { principal } = claim;
  return JSON.stringify([
    'relation',
    claim.relation,
    principal.kind,
    principal.space,
    principal.id,
    ownerKey(claim.owner),
  ]);
}

/** Answers kept by claim. */
export function knownFrom(answers: ReadonlyMap<string, Answer>): Known {
  return { get: (claim) => answers.get(claimKey(claim)) ?? 'unknown' };
}

/** Answers as another does, and keeps what it did not know. */
export class Asking implements Known {
  /** Each claim once. */
  readonly asks: Claim[] = [];
  readonly #known: Known;
  #asked: ClaimMap<true> | undefined;

  constructor(known: Known) {
    this.#known = known;
  }

  get(claim: Claim): Answer {
    const answer = this.#known.get(claim);
    if (answer === 'unknown') this.#ask(claim);
    return answer;
  }

  #ask(claim: Claim): void {
    this.#asked ??= new ClaimMap(Infinity);
    if (this.#asked.get(claim)) return;
    this.#asked.set(claim, true);
    this.asks.push(claim);
  }
}
