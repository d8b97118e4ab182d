import { type CompiledContract, type OwnerRef, type PreRead, preReadFor } from '@leakproof/core';
import type { OwnInput } from '../harvest/own-input.ts';
import type { Identity } from '../identities/caller.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import { requestView } from '../plan/request-template.ts';

/** The owners of the object that a request acts on; undefined if the contract declares no `owner` for its operation. */
export type OperationOwners = (request: PlannedRequest) => readonly OwnerRef[] | undefined;

/**
 * The owners are those in the response to the read that the contract wants before the request (`owner: { of: OPERATION }`), as
 * its own caller got it; otherwise the identities whose ids are in the request.
 */
export function operationOwners(
  contract: CompiledContract,
  inputs: readonly OwnInput[],
  identities: readonly Identity[],
): OperationOwners {
  const ownersByRead = new Map<string, readonly OwnerRef[]>();
  for (const { request, first } of inputs) {
    const root = first.objects.find((object) => object.pointer === '' && object.owners.length > 0);
    const owners = root?.sighting.owners.flatMap((each) => (each.about ? [] : [each.owner]));
    const read = { operation: request.operation.declared.name, target: request.template.target };
    if (owners) ownersByRead.set(readKey(request, read), owners);
  }
  const known = new Map<string, readonly OwnerRef[]>();
  return (request) => {
    const { owner } = request.operation.declared;
    if (!owner) return undefined;
    const before = known.get(request.key);
    if (before) return before;
    const preRead = preReadFor(contract, requestView(request.operation, request.template));
    const owners = (preRead && ownersByRead.get(readKey(request, preRead))) ?? ownersInRequest(request, identities);
    known.set(request.key, owners);
    return owners;
  };
}

function ownersInRequest({ inputValues, operation }: PlannedRequest, identities: readonly Identity[]): OwnerRef[] {
  return identities.flatMap(({ principal: { ids, space, id } }) =>
    space === operation.server.space && inputValues.includes(id) ? [{ kind: ids, space, id }] : [],
  );
}

const readKey = ({ operation: { server } }: PlannedRequest, { operation, target }: PreRead): string =>
  `${server.name}\n${operation}\n${target}`;
