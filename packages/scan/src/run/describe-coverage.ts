import type { OperationAttempt } from '../evidence/operation-attempt.ts';
import { type OwnInput, type SymbolicInput, symbolsBySlot } from '../harvest/own-input.ts';
import type { Identity } from '../identities/caller.ts';
import type { NotTested, ReadOperation } from '../plan/read-operation.ts';
import type { Slot } from '../plan/slot.ts';
import type { TriedEndpoint } from './scan-result.ts';

/** Operations by which some identities, or none, can read an object of their own. */
export function notReached(
  operations: readonly ReadOperation[],
  identities: readonly Identity[],
  inputs: readonly OwnInput[],
): NotTested[] {
  return operations.flatMap((operation) => {
    const { server, protocol, declared } = operation;
    const owners = identities.filter(
      ({ principal }) => principal.space === server.space && inputs.some(({ owner }) => owner.principal === principal),
    );
    const missing = owners.filter(
      (owner) => !inputs.some((each) => each.owner === owner && each.request.operation === operation),
    );
    if (missing.length === 0 && owners.length > 0) return [];
    const slots = [...new Set(operation.recipes.flat().map(({ name }) => name))].join(', ');
    const whose = missing.length === owners.length ? 'any identity' : missing.map(({ name }) => name).join(', ');
    const why = slots === '' ? 'it returned no own object' : `no value was found for: ${slots}`;
    const reason = owners.length === 0 ? `no identity owns anything at ${server.name}` : `for ${whose}: ${why}`;
    return [{ server: server.name, protocol, operation: declared.name, reason }];
  });
}

type Place = Pick<Slot, 'in' | 'name'>;
const isSame = (a: Place, b: Place): boolean => a.in === b.in && a.name === b.name;

/** Parameters and body properties of operations that were reached, with which no own object was requested. */
export function notSent(
  operations: readonly ReadOperation[],
  inputs: readonly OwnInput[],
  wasTried: (operation: ReadOperation, slot: Place) => boolean,
): NotTested[] {
  return operations.flatMap((operation) => {
    const own = inputs.filter(({ request }) => request.operation === operation);
    if (own.length === 0) return [];
    const { server, protocol, declared, filters, unsentArguments = [] } = operation;
    const isSent = (slot: Place): boolean =>
      own.some(({ request }) => request.recipe.some((each) => isSame(each, slot)));
    const missing = filters.filter((slot) => !isSent(slot));
    const tried = missing.filter((slot) => wasTried(operation, slot));
    const never = [...missing.filter((each) => !tried.includes(each)).map(({ name }) => name), ...unsentArguments];
    const reasons = [
      ...(never.length > 0 ? [`${quoted(never)} never sent${adviceFor(protocol)}`] : []),
      ...(tried.length > 0
        ? [`no value for ${quoted(tried.map(({ name }) => name))} returned an own object${adviceFor(protocol)}`]
        : []),
    ];
    return reasons.map((reason) => ({ server: server.name, protocol, operation: declared.name, reason }));
  });
}

const quoted = (names: readonly string[]): string => [...new Set(names)].map((name) => `\`${name}\``).join(', ');
const adviceFor = (protocol: string): string => (protocol === 'rest' ? '; give a value in `inputs`' : '');

export function symbolicInput({ owner, request, symbols }: OwnInput): SymbolicInput {
  const { server, protocol, declared } = request.operation;
  const input = symbolsBySlot(request, symbols);
  return { server: server.name, protocol, operation: declared.name, owner: owner.name, input };
}

export function triedEndpoint({ operation, caller, responses, doubt }: OperationAttempt): TriedEndpoint {
  const [unread] = [...responses.values()].flatMap((response) => response.doubt ?? []);
  const why = doubt ?? unread;
  return {
    server: operation.server.name,
    protocol: operation.protocol,
    operation: operation.declared.name,
    attacker: caller.name,
    ...(why === undefined ? {} : { doubt: why }),
  };
}
