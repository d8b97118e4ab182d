import { ownerKey } from '@leakproof/core';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { SeenObject } from '../reading/seen-object.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';

export interface OwnedRequest {
  readonly owners: OperationOwners;
  /** Key of the owner. */
  readonly owner: string;
  readonly request: PlannedRequest;
}

/**
 * The objects of one owner in a response: those that name it, and the envelope if the contract says that the operation acts on
 * an object of the owner, such as the list of its followers.
 */
export function objectsOfOwner({ owners, owner, request }: OwnedRequest, objects: readonly SeenObject[]): SeenObject[] {
  const actsOnOwner = owners(request)?.some((each) => ownerKey(each) === owner) ?? false;
  return objects.filter(
    (each) => each.owners.includes(owner) || (actsOnOwner && each.pointer === '' && each.owners.length === 0),
  );
}
