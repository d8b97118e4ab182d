import { ownerKey } from '@leakproof/core';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { Ask } from '../plan/make-request.ts';
import type { Seen } from '../reading/seen.ts';

/**
 * The objects of one owner in an answer: those that name it, and the envelope of an answer that the contract says is its own,
 * such as the list of its followers.
 */
// oxlint-disable-next-line max-params
export function ownedIn(owners: OperationOwners, owner: string, ask: Ask, seen: readonly Seen[]): Seen[] {
  const isItsAnswer = owners(ask)?.some((each) => ownerKey(each) === owner) ?? false;
  return seen.filter(
    (each) => each.owners.includes(owner) || (isItsAnswer && each.at === '' && each.owners.length === 0),
  );
}
