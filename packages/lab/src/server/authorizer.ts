import { type Principal, relationshipToNobody, relationshipTo, relationshipToOrg } from '../auth/principal.ts';
import type { ResourceName, Rule } from '../rules/policy.ts';
import {
  decideWrite,
  type ObjectAccess,
  policyAllowsField,
  refusesCaller,
  releasesField,
  releasesObject,
  type WriteOutcome,
} from '../rules/access-decisions.ts';
import { postureOf } from '../rules/posture-of.ts';
import type { Posture } from '../rules/posture.ts';
import type { Relationship, State } from '../rules/relationship.ts';
import type { Channel, Region, Stage } from '../rules/stage.ts';
import { type Member, statesOfMember } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import type { Operation } from '../surface/operation.ts';

/** What is known of a request whatever objects it names: its caller, region and channel, and the state of the lab. */
export interface RequestContext {
  readonly store: Store;
  readonly region: Region;
  readonly channel: Channel;
  readonly stage: Stage;
  readonly principal: Principal | undefined;
}

/** The owner of an object: a member, an organisation (by name), or nobody. */
export type Owner = Member | string | undefined;

/** Decides what one operation returns to one caller, under the stage's posture. */
export interface Authorizer {
  readonly posture: Posture;
  /** The request as the operation takes it: without a credential that it does not accept. */
  readonly context: RequestContext;
  readonly refusesCaller: boolean;
  releasesObject(resource: ResourceName, owner: Owner): boolean;
  releasesField(resource: ResourceName, owner: Owner, field: string): boolean;
  /** Whether responses list the fields that the app should hide: those that `policyAllowsField` denies. */
  readonly listsHiddenFields: boolean;
  policyAllowsField(resource: ResourceName, owner: Owner, field: string): boolean;
  decideWrite(rule: Rule, owner: Owner): WriteOutcome;
}

export function authorizerFor(operation: Operation, request: RequestContext): Authorizer {
  const { store, region, stage } = request;
  const { protocol, name, channels, ownerOnly = false } = operation;
  const channel = channels.includes(request.channel) ? request.channel : 'web';
  const posture = postureOf(stage, { region, protocol, channel, operation: name }, ownerOnly);
  const principal = acceptedPrincipal(request.principal, posture, channel);
  const toNobody = relationshipToNobody(region, principal);
  const relationships = new Map<number, Relationship>();
  const relationshipOf = (owner: Owner): Relationship => {
    if (owner === undefined) return toNobody;
    if (typeof owner === 'string') return relationshipToOrg(region, principal, owner);
    const relationship = relationships.get(owner.key) ?? relationshipTo(owner, principal, { store, region });
    relationships.set(owner.key, relationship);
    return relationship;
  };
  const extraRule = operation.extraRule === undefined ? {} : { extraRule: operation.extraRule };
  const accessTo = (resource: ResourceName, owner: Owner): ObjectAccess => ({
    resource,
    relationship: relationshipOf(owner),
    states: statesOfOwner(owner),
    ...extraRule,
  });
  return {
    posture,
    context: { ...request, channel, principal },
    refusesCaller: refusesCaller(posture, operation.by, toNobody),
    releasesObject: (resource, owner) => releasesObject(posture, accessTo(resource, owner)),
    releasesField: (resource, owner, field) => releasesField(posture, accessTo(resource, owner), field),
    listsHiddenFields: posture.filter === 'client',
    policyAllowsField: (resource, owner, field) => policyAllowsField(accessTo(resource, owner), field),
    decideWrite: (rule, owner) =>
      decideWrite(posture, rule, { relationship: relationshipOf(owner), states: statesOfOwner(owner) }),
  };
}

/** A flawed token counts only if the posture accepts the flaw; the key of a device only if the operation serves devices. */
function acceptedPrincipal(
  principal: Principal | undefined,
  posture: Posture,
  channel: Channel,
): Principal | undefined {
  if (principal?.flaw !== undefined && !posture.acceptsTokens.includes(principal.flaw)) return undefined;
  return principal?.by === 'api-key' && channel !== 'device' ? undefined : principal;
}

const NO_STATES: ReadonlySet<State> = new Set();
const statesOfOwner = (owner: Owner): ReadonlySet<State> =>
  typeof owner === 'object' ? statesOfMember(owner) : NO_STATES;
