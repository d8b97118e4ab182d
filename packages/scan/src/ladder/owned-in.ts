import { ownerKey } from '@leakproof/core';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { SeenObject } from '../reading/seen.ts';

/**
 * The objects of one owner in an answer: those that name it, and the envelope of an answer that the contract says is its own,
 * such as the list of its followers.
 */
// oxlint-disable-next-line max-params
export function ownedIn(
  owners: OperationOwners,
  owner: string,
  ask: PlannedRequest,
  seen: readonly SeenObject[],
): SeenObject[] {
  const isItsAnswer = owners(ask)?.some((each) => ownerKey(each) === owner) ?? false;
  return seen.filter(
    (each) => each.owners.includes(owner) || (isItsAnswer && each.at === '' && each.owners.length === 0),
  );
}
