import {
  ANONYMOUS,
  type CompiledContract,
  type Condition,
  type Grant,
  judge,
  NOTHING_KNOWN,
  type Principal,
  type Sighting,
  type Truth,
} from '@leakproof/core';

/** A state of the owner, by the contract's condition on an object (`states.NAME.object`). */
export function stateInObject(contract: CompiledContract, state: string, sighting: Sighting): Truth {
  const rule = contract.states[state];
  if (!rule?.object) return 'unknown';
  const hides = (unknown: boolean): boolean => {
    const states = { [state]: { of: rule.of, object: rule.object ?? {}, unknown } };
    const see = { see: ['anyone'], narrow: { [state]: [] } };
    return !isVisible({ ...contract, states }, { see, principal: ANONYMOUS }, sighting);
  };
  if (hides(false)) return 'yes';
  return hides(true) ? 'unknown' : 'no';
}

export interface RelationOf {
  readonly relation: string;
  readonly principal: Principal;
}

/** A relation of the caller to the owner, by the contract's condition on an object (`relations.NAME.object`). */
export function relationInObject(
  contract: CompiledContract,
  { relation, principal }: RelationOf,
  sighting: Sighting,
): Truth {
  const rule = contract.relations[relation];
  if (!rule?.object) return 'unknown';
  const { of, object } = rule;
  const holds = (conditions: Readonly<Record<string, Condition>>): boolean => {
    const relations = { [relation]: { of, object: conditions } };
    return isVisible({ ...contract, relations }, { see: { see: [relation], narrow: {} }, principal }, sighting);
  };
  if (holds(object)) return 'yes';
  const negated = Object.entries(object).map(([name, { cel, reads }]) => [name, { cel: `!(${cel})`, reads }]);
  return holds(Object.fromEntries(negated) as Record<string, Condition>) ? 'no' : 'unknown';
}

/** Evaluates one grant with `judge`, as the `see` of every resource. */
function isVisible(
  contract: CompiledContract,
  { see, principal }: { readonly see: Grant; readonly principal: Principal },
  sighting: Sighting,
): boolean {
  const resources = Object.fromEntries(
    Object.entries(contract.resources).map(([name, resource]) => [name, { ...resource, see }]),
  );
  return judge({ ...contract, resources }, principal, { ...sighting, fields: [] }, NOTHING_KNOWN).visible;
}
