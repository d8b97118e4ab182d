import { type ResourceName, type Rule, isAllowed, POLICY, ruleOf } from './policy.ts';
import type { Posture } from './posture.ts';
import { type Relationship, localRelationship, type State } from './relationship.ts';

/** A caller and one owner: what the caller is to the owner, and the states that hold for the owner. */
interface OwnerAccess {
  readonly relationship: Relationship;
  readonly states: ReadonlySet<State>;
}

/** A caller and one object of one owner. */
export interface ObjectAccess extends OwnerAccess {
  readonly resource: ResourceName;
  /** A rule of the operation that applies beside the object's own, such as being hidden from search. */
  readonly extraRule?: Rule;
}

/** Whether the operation shows the caller that the object exists. */
export function releasesObject(posture: Posture, access: ObjectAccess): boolean {
  const effective = effectiveAccess(posture, access);
  return releases(posture, effective, () => policyAllowsObject(effective));
}

/** Whether the operation returns one field of an object that it releases. */
export function releasesField(posture: Posture, access: ObjectAccess, field: string): boolean {
  const effective = effectiveAccess(posture, access);
  const { resource, relationship, states } = effective;
  return releases(
    posture,
    effective,
    () => isAllowed(ruleOf(resource, field), relationship, states) || isForgotten(posture, effective, field),
  );
}

/** What the policy says of the object, whatever the operation does. */
export function policyAllowsObject({ resource, extraRule, relationship, states }: ObjectAccess): boolean {
  return [POLICY[resource].object, extraRule].every(
    (rule) => rule === undefined || isAllowed(rule, relationship, states),
  );
}

/** What the policy says of one of its fields, whatever the operation does. */
export function policyAllowsField(access: ObjectAccess, field: string): boolean {
  return policyAllowsObject(access) && isAllowed(ruleOf(access.resource, field), access.relationship, access.states);
}

/** Whether a caller is rejected before the operation looks at any object: not authenticated, or of the other region. */
export function refusesCaller(posture: Posture, by: 'anyone' | 'member', { caller }: Relationship): boolean {
  if (by === 'anyone' || posture.access === 'open' || posture.cache === 'shared') return false;
  return posture.access === 'members' ? caller === 'anonymous' : caller !== 'local';
}

/** The effect of a write: applied, applied but answered 403, applied to the caller and answered 204, or not applied. */
export type WriteOutcome = 'apply' | 'apply-and-refuse' | 'misdirect' | 'refuse';

/** What the operation does with a write to what `rule` protects. It never writes for a caller unknown in its region. */
export function decideWrite(posture: Posture, rule: Rule, { relationship, states }: OwnerAccess): WriteOutcome {
  const effective = posture.tenants === 'mixed' ? ignoreTenants(relationship) : relationship;
  if (effective.caller !== 'local') return 'refuse';
  if (isAllowed(rule, effective, states)) return posture.writes === 'caller' ? 'misdirect' : 'apply';
  if (rule.see.length === 0)
    return posture.binds === 'anything' && effective.relations.has('self') ? 'apply' : 'refuse';
  if (posture.writes === 'late') return 'apply-and-refuse';
  if (posture.writes === 'caller') return 'misdirect';
  return posture.writes === 'unchecked' ? 'apply' : 'refuse';
}

/** Whether a write reached the owner it was sent for. */
export const reachesOwner = (write: WriteOutcome, { relations }: Relationship): boolean =>
  write === 'apply' || write === 'apply-and-refuse' || (write === 'misdirect' && relations.has('self'));

function releases(posture: Posture, { relationship, states }: OwnerAccess, policyAllows: () => boolean): boolean {
  const isOwner = relationship.relations.has('self');
  switch (posture.access) {
    case 'open':
      return true;
    case 'members':
      return relationship.caller !== 'anonymous';
    case 'own':
      return isOwner;
    default:
      return !(posture.block === 'broad' && states.has('private') && !isOwner) && policyAllows();
  }
}

const OWNER_RELATIONSHIP = localRelationship('self');

/** The access as the operation sees it: a shared cache takes every caller for the owner, mixed tenants ignore the tenant. */
function effectiveAccess(posture: Posture, access: ObjectAccess): ObjectAccess {
  if (posture.cache === 'shared') return { ...access, relationship: OWNER_RELATIONSHIP };
  return posture.tenants === 'mixed' ? { ...access, relationship: ignoreTenants(access.relationship) } : access;
}

function ignoreTenants(relationship: Relationship): Relationship {
  if (relationship.relationsIgnoringTenant === undefined) return relationship;
  return { ...relationship, relations: new Set([...relationship.relations, ...relationship.relationsIgnoringTenant]) };
}

function isForgotten(posture: Posture, { resource, relationship, states }: ObjectAccess, field: string): boolean {
  return (
    posture.forgotten.includes(`${resource}.${field}`) && relationship.relations.has('member') && !states.has('deleted')
  );
}
