import type { CompiledContract, OwnerKind, PrincipalKind, Server } from '../contract/compiled.ts';
import { LeakproofError } from '../errors.ts';

/** The authenticated caller, or anonymous. Its claims are verified. */
export type Principal =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: string;
      readonly id: string;
      /** The owner kind that `id` is an id of. */
      readonly ids: OwnerKind;
      readonly space: string;
      readonly claims: Readonly<Record<string, unknown>>;
    };

export const ANONYMOUS: Principal = { kind: 'anonymous' };

export type KnownPrincipal = Extract<Principal, { id: string }>;

export function isKnown(principal: Principal): principal is KnownPrincipal {
  return 'id' in principal;
}

/** The caller at `server`: anonymous if its id is of another id space, unless its kind is known everywhere. */
export function principalForServer(contract: CompiledContract, server: Server, principal: Principal): Principal {
  if (!isKnown(principal) || principal.space === server.space) return principal;
  return contract.principals.find((kind) => kind.name === principal.kind)?.everywhere ? principal : ANONYMOUS;
}

/** One owner of one object. */
export interface OwnerRef {
  readonly kind: OwnerKind;
  readonly space: string;
  readonly id: string;
}

/** A key for maps; no two owners share one. */
export function ownerKey(owner: OwnerRef): string {
  return JSON.stringify([owner.kind, owner.space, owner.id]);
}

/**
 * The principal with these verified claims. Throws LP-IDENTITY-INVALID if the claims lack the id or the space that the
 * contract says they hold.
 */
export function principalOf(
  contract: CompiledContract,
  kindName: string,
  claims: Readonly<Record<string, unknown>>,
): KnownPrincipal {
  const kind = contract.principals.find((each) => each.name === kindName);
  if (!kind) throw new LeakproofError('LP-IDENTITY-INVALID', `The contract has no principal kind "${kindName}".`);
  const id = claimText(claims, kind.id);
  const space = 'fixed' in kind.space ? kind.space.fixed : claimText(claims, kind.space.claim);
  if (!id || !space) {
    throw new LeakproofError(
      'LP-IDENTITY-INVALID',
      `The claims of a ${kindName} lack ${id ? spacePath(kind) : kind.id.join('.')}.`,
    );
  }
  return { kind: kindName, id, ids: kind.ids, space, claims };
}

function spacePath(kind: PrincipalKind): string {
  return 'claim' in kind.space ? kind.space.claim.join('.') : 'a space';
}

function claimText(claims: Readonly<Record<string, unknown>>, path: readonly string[]): string | undefined {
  let value: unknown = claims;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}
