import { admit, ANONYMOUS, type CompiledContract, type OwnerRef, type PreRead } from '@leakproof/core';
import type { Binding } from '../harvest/bindings.ts';
import type { Identity } from '../identities/caller.ts';
import { type Ask, requestFacts } from '../plan/make-request.ts';

/** Whose object a request acts on, where the contract says that its operation acts on somebody's; else undefined. */
export type OperationOwners = (ask: Ask) => readonly OwnerRef[] | undefined;

/**
 * Told by what owners read themselves at the target that the contract says to read first, else by whose id the request names.
 */
export function operationOwners(
  contract: CompiledContract,
  bindings: readonly Binding[],
  identities: readonly Identity[],
): OperationOwners {
  const read = new Map<string, readonly OwnerRef[]>();
  for (const { ask, first } of bindings) {
    const root = first.seen.find((seen) => seen.at === '' && seen.owners.length > 0);
    const owners = root?.sighting.owners.flatMap((each) => (each.about ? [] : [each.owner]));
    if (owners) read.set(keyOf(ask, { operation: ask.door.operation.name, target: ask.sketch.target }), owners);
  }
  const kept = new Map<string, readonly OwnerRef[]>();
  return (ask) => {
    const { owner } = ask.door.operation;
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
function readFirst(contract: CompiledContract, ask: Ask): PreRead | undefined {
  let wanted: PreRead | undefined;
  const owners = (read: PreRead): undefined => void (wanted = read);
  admit(contract, requestFacts(ask.door, ask.sketch), ANONYMOUS, { get: () => 'unknown', owners }, true);
  return wanted;
}

function namedBy({ named, door }: Ask, identities: readonly Identity[]): OwnerRef[] {
  return identities.flatMap(({ principal: { ids, space, id } }) =>
    space === door.server.space && named.includes(id) ? [{ kind: ids, space, id }] : [],
  );
}

const keyOf = ({ door }: Ask, { operation, target }: PreRead): string => `${door.server.name}\n${operation}\n${target}`;
