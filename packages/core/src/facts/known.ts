import { type KnownPrincipal, type OwnerRef, ownerKey } from './principal.ts';

/** Something only the API's own back end can say. */
export type Claim =
  | { readonly is: 'relation'; readonly relation: string; readonly principal: KnownPrincipal; readonly owner: OwnerRef }
  | { readonly is: 'state'; readonly state: string; readonly owner: OwnerRef };

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
