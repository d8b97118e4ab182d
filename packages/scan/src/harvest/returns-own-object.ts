import type { Identity } from '../identities/caller.ts';
import { ownerKeyOf } from '../identities/owner-key-of.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { ReadResponse } from '../reading/read-response.ts';

/** The response contains an object of the identity, or is its own by the contract, with values that were not in the request. */
export function returnsOwnObject(
  response: ReadResponse,
  { principal }: Identity,
  { inputValues, operation }: PlannedRequest,
): boolean {
  const isItsOwn = operation.declared.owner !== undefined && inputValues.includes(principal.id);
  return response.objects.some(
    ({ owners, pointer, fields }) =>
      (owners.includes(ownerKeyOf(principal)) || (isItsOwn && pointer !== '' && owners.length > 0)) &&
      fields.some(
        ({ field, values }) => field !== '__typename' && values.some((value) => !inputValues.includes(value)),
      ),
  );
}
