import { type Principal, standingAtDoor, standingTo, standingToOrg } from '../auth/principal.ts';
import type { ResourceName, Rule } from '../rules/meaning.ts';
import { postureOf } from '../rules/posture-of.ts';
import {
  decideWrite,
  type Look,
  meansField,
  type Posture,
  refusesCaller,
  releasesField,
  releasesObject,
  type Write,
} from '../rules/posture.ts';
import type { Standing, State } from '../rules/standing.ts';
import type { Channel, Region, Stage } from '../rules/stages.ts';
import { type Member, statesOfMember } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import type { Door } from '../surface/door.ts';

/** Who asks, where: all that is fixed for one request, whatever it names. */
export interface Asking {
  readonly store: Store;
  readonly region: Region;
  readonly channel: Channel;
  readonly stage: Stage;
  readonly principal: Principal | undefined;
}

/** Whose something is: a member's, an organisation's (by its name), or nobody's. */
export type Owner = Member | string | undefined;

/** One door before one caller: what the switches let through. */
export interface Gate {
  readonly posture: Posture;
  /** The request as this door takes it: a credential that it does not accept is none. */
  readonly asking: Asking;
  readonly refusesCaller: boolean;
  releasesObject(resource: ResourceName, owner: Owner): boolean;
  releasesField(resource: ResourceName, owner: Owner, field: string): boolean;
  /** Whether answers carry a list of what the app should hide, and what would be on it. */
  readonly hints: boolean;
  meansField(resource: ResourceName, owner: Owner, field: string): boolean;
  /** What becomes of a change of what `rule` protects. */
  decideWrite(rule: Rule, owner: Owner): Write;
}

export function gateAt(door: Door, asked: Asking): Gate {
  const { store, region, stage } = asked;
  const { protocol, operation, channels, control = false } = door;
  const channel = channels.includes(asked.channel) ? asked.channel : 'web';
  const posture = postureOf(stage, { region, protocol, channel, operation }, control);
  const principal = accepted(asked.principal, posture, channel);
  const atDoor = standingAtDoor(region, principal);
  const standings = new Map<number, Standing>();
  const standingOf = (owner: Owner): Standing => {
    if (owner === undefined) return atDoor;
    if (typeof owner === 'string') return standingToOrg(region, principal, owner);
    const standing = standings.get(owner.key) ?? standingTo(store, region, principal, owner);
    standings.set(owner.key, standing);
    return standing;
  };
  const also = door.also === undefined ? {} : { also: door.also };
  const look = (resource: ResourceName, owner: Owner): Look => ({
    resource,
    standing: standingOf(owner),
    states: statesOfOwner(owner),
    ...also,
  });
  return {
    posture,
    asking: { ...asked, channel, principal },
    refusesCaller: refusesCaller(posture, door.by, atDoor),
    releasesObject: (resource, owner) => releasesObject(posture, look(resource, owner)),
    releasesField: (resource, owner, field) => releasesField(posture, look(resource, owner), field),
    hints: posture.filter === 'client',
    meansField: (resource, owner, field) => meansField(look(resource, owner), field),
    decideWrite: (rule, owner) => decideWrite(posture, rule, standingOf(owner), statesOfOwner(owner)),
  };
}

/** A flawed token counts only where the door's switch accepts the flaw; a device's key only where devices are served. */
function accepted(principal: Principal | undefined, posture: Posture, channel: Channel): Principal | undefined {
  if (principal?.flaw !== undefined && !posture.acceptsTokens.includes(principal.flaw)) return undefined;
  return principal?.by === 'api-key' && channel !== 'device' ? undefined : principal;
}

const NO_STATES: ReadonlySet<State> = new Set();
const statesOfOwner = (owner: Owner): ReadonlySet<State> =>
  typeof owner === 'object' ? statesOfMember(owner) : NO_STATES;
