import { admit, ANONYMOUS, type CompiledContract, type OwnerRef, type PreRead } from '@leakproof/core';
import type { OwnInput } from '../harvest/bindings.ts';
import type { Identity } from '../identities/caller.ts';
import { type PlannedRequest, requestFacts } from '../plan/make-request.ts';

/** Whose object a request acts on, where the contract says that its operation acts on somebody's; else undefined. */
export type OperationOwners = (ask: PlannedRequest) => readonly OwnerRef[] | undefined;

/**
 * Told by what owners read themselves at the target that the contract says to read first, else by whose id the request names.
 */
export function operationOwners(
  contract: CompiledContract,
  bindings: readonly OwnInput[],
  identities: readonly Identity[],
): OperationOwners {
  const read = new Map<string, readonly OwnerRef[]>();
  for (const { ask, first } of bindings) {
    const root = first.seen.find((seen) => seen.at === '' && seen.owners.length > 0);
    const owners = root?.sighting.owners.flatMap((each) => (each.about ? [] : [each.owner]));
    if (owners) read.set(keyOf(ask, { operation: ask.endpoint.operation.name, target: ask.sketch.target }), owners);
  }
  const kept = new Map<string, readonly OwnerRef[]>();
  return (ask) => {
    const { owner } = ask.endpoint.operation;
    if (!owner) return undefined;
    const before = kept.get(ask.key);
    if (before) return before;
    const first = owner.from === 'operation' ? readFirst(contract, ask) : undefined;
    const found = (first && read.get(keyOf(ask, first))) ?? namedBy(ask, identities);
    kept.set(ask.key, found);
    return found;
  };
}

/** The read that the contract wants made before this request. */
function readFirst(contract: CompiledContract, ask: PlannedRequest): PreRead | undefined {
  let wanted: PreRead | undefined;
  const owners = (read: PreRead): undefined => void (wanted = read);
  admit(contract, requestFacts(ask.endpoint, ask.sketch), ANONYMOUS, { get: () => 'unknown', owners }, true);
  return wanted;
}

function namedBy({ named, endpoint }: PlannedRequest, identities: readonly Identity[]): OwnerRef[] {
  return identities.flatMap(({ principal: { ids, space, id } }) =>
    space === endpoint.server.space && named.includes(id) ? [{ kind: ids, space, id }] : [],
  );
}

const keyOf = ({ endpoint }: PlannedRequest, { operation, target }: PreRead): string =>
  `${endpoint.server.name}\n${operation}\n${target}`;
