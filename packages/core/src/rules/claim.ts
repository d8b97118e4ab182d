import { type KnownPrincipal, type OwnerRef, ownerKey } from './principal.ts';

/** A statement that only the API's own back end can answer. */
export type Claim =
  | {
      readonly type: 'relation';
      readonly relation: string;
      readonly principal: KnownPrincipal;
      readonly owner: OwnerRef;
    }
  | { readonly type: 'state'; readonly state: string; readonly owner: OwnerRef };

/** A GET that the guard sends before an operation, to find the object's owners. */
export interface PreRead {
  readonly operation: string;
  readonly target: string;
}

/** A key for maps; no two claims share one. */
export function claimKey(claim: Claim): string {
  if (claim.type === 'state') return JSON.stringify(['state', claim.state, ownerKey(claim.owner)]);
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
