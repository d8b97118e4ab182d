import {
  ANONYMOUS,
  type Truth,
  type CompiledContract,
  type Condition,
  type Grant,
  judge,
  NOTHING_KNOWN,
  type Principal,
  type Sighting,
} from '@leakproof/core';

/** What an object says of a state of its owner, by the contract's own condition. */
export function stateSaid(contract: CompiledContract, state: string, sighting: Sighting): Truth {
  const rule = contract.states[state];
  if (!rule?.object) return 'unknown';
  const hides = (unknown: boolean): boolean => {
    const states = { [state]: { of: rule.of, object: rule.object ?? {}, unknown } };
    return !isVisible({ ...contract, states }, { see: ['anyone'], narrow: { [state]: [] } }, ANONYMOUS, sighting);
  };
  if (hides(false)) return 'yes';
  return hides(true) ? 'unknown' : 'no';
}

/** What an object says of its caller's relation to its owner, where the contract believes the origin. */
export function relationSaid(
  contract: CompiledContract,
  relation: string,
  principal: Principal,
  sighting: Sighting,
): Truth {
  const rule = contract.relations[relation];
  if (!rule?.object) return 'unknown';
  const { of, object } = rule;
  const holds = (conditions: Readonly<Record<string, Condition>>): boolean => {
    const relations = { [relation]: { of, object: conditions } };
    return isVisible({ ...contract, relations }, { see: [relation], narrow: {} }, principal, sighting);
  };
  if (holds(object)) return 'yes';
  const negated = Object.entries(object).map(([name, { cel, reads }]) => [name, { cel: `!(${cel})`, reads }]);
  return holds(Object.fromEntries(negated) as Record<string, Condition>) ? 'no' : 'unknown';
}

/** Asks `judge` about one grant alone, by making it the rule of who may know of the object. */
// oxlint-disable-next-line max-params
function isVisible(contract: CompiledContract, see: Grant, principal: Principal, sighting: Sighting): boolean {
  const resources = Object.fromEntries(
    Object.entries(contract.resources).map(([name, resource]) => [name, { ...resource, see }]),
  );
  return judge({ ...contract, resources }, principal, { ...sighting, fields: [] }, NOTHING_KNOWN).visible;
}
