import {
  ANONYMOUS,
  type CompiledContract,
  type Condition,
  type Grant,
  judge,
  NOTHING_KNOWN,
  type Principal,
  type RelationRule,
  type Sighting,
  type StateRule,
  type Truth,
} from '@leakproof/core';

/** Conditions on an object, by resource or `*` for all. */
type Conditions = Readonly<Record<string, Condition>>;

/** Whether a condition of the rule reads objects of this resource. */
export function readsResource(rule: StateRule | RelationRule, resource: string): boolean {
  const { object = {} } = rule;
  return Object.hasOwn(object, resource) || Object.hasOwn(object, '*') || ('when' in rule && readsObject(rule.when));
}

/** Whether the object is its owner: a profile, and not one of many things that a person owns. */
export function isOwnerItself(contract: CompiledContract, resource: string): boolean {
  const { owner = 'none', id } = contract.resources[resource] ?? {};
  return typeof owner !== 'string' && owner.some(({ path }) => path.length === 1 && path[0] === id);
}

/** Whether the condition reads an object, and not only claims of the caller. */
export const readsObject = (when: Condition | undefined): boolean => (when?.reads.length ?? 0) > 0;

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
  /**
   * Whose response the object is from. What the origin says about its caller (`relations.NAME.object`) is only said to that caller;
   * a condition that names the principal, and `when`, hold in the owner's response too.
   */
  readonly readBy: 'principal' | 'owner';
}

/** A relation of the principal to the owner, by the contract's conditions on an object. */
export function relationInObject(contract: CompiledContract, of: RelationOf, sighting: Sighting): Truth {
  const rule = contract.relations[of.relation];
  if (!rule) return 'unknown';
  const truths = [
    ...(readsObject(rule.when) && of.readBy === 'owner' ? [truthOf(contract, of, { sighting, when: rule.when })] : []),
    ...(rule.object ? [truthOf(contract, of, { sighting, object: readable(rule.object, of) })] : []),
  ];
  if (truths.includes('yes')) return 'yes';
  return truths.length === 0 || truths.includes('unknown') ? 'unknown' : 'no';
}

function readable(object: Conditions, { readBy }: RelationOf): Conditions {
  if (readBy === 'principal') return object;
  return Object.fromEntries(Object.entries(object).filter(([, { cel }]) => /\bprincipal\b/.test(cel)));
}

interface Conditioned {
  readonly sighting: Sighting;
  readonly when?: Condition | undefined;
  readonly object?: Conditions | undefined;
}

function truthOf(
  contract: CompiledContract,
  { relation, principal }: RelationOf,
  { sighting, when, object }: Conditioned,
): Truth {
  const of = contract.relations[relation]?.of ?? '';
  const holds = (change: (condition: Condition) => Condition): boolean => {
    const changed = object && Object.fromEntries(Object.entries(object).map(([name, each]) => [name, change(each)]));
    const rule = { of, ...(when && { when: change(when) }), ...(changed && { object: changed }) };
    const grant = { see: { see: [relation], narrow: {} }, principal };
    return isVisible({ ...contract, relations: { [relation]: rule } }, grant, sighting);
  };
  if (holds((condition) => condition)) return 'yes';
  return holds(({ cel, reads }) => ({ cel: `!(${cel})`, reads })) ? 'no' : 'unknown';
}

/** Evaluates one grant with `judge`, as the `see` of every resource: nothing else that hides an object counts, such as a search. */
function isVisible(
  contract: CompiledContract,
  { see, principal }: { readonly see: Grant; readonly principal: Principal },
  sighting: Sighting,
): boolean {
  const resources = Object.fromEntries(
    Object.entries(contract.resources).map(([name, resource]) => [name, { ...resource, see }]),
  );
  const { narrow: _narrow, ...rest } = sighting;
  const bare = { ...rest, ownerUnknown: false, groupTooSmall: false, fields: [] };
  return judge({ ...contract, resources }, principal, bare, NOTHING_KNOWN).visible;
}
