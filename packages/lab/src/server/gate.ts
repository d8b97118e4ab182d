import { type Principal, standingAtDoor, standingTo } from '../auth/principal.ts';
import { type Look, type Posture, refusesCaller, releasesField, releasesObject } from '../rules/posture.ts';
import type { ResourceName } from '../rules/meaning.ts';
import { postureOf, type Channel, type Region, type Stage } from '../rules/stages.ts';
import type { Standing } from '../rules/standing.ts';
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

/** One door before one caller: what the switches let through. Owners may be undefined for what belongs to nobody. */
export interface Gate {
  readonly posture: Posture;
  readonly refusesCaller: boolean;
  releasesObject(resource: ResourceName, owner: Member | undefined): boolean;
  releasesField(resource: ResourceName, owner: Member | undefined, field: string): boolean;
}

export function gateAt(door: Door, asking: Asking): Gate {
  const { store, region, channel, stage, principal } = asking;
  const { protocol, operation } = door;
  const posture = postureOf(stage, { region, protocol, channel, operation }, door.control ?? false);
  const atDoor = standingAtDoor(region, principal);
  const standings = new Map<number, Standing>();
  const look = (resource: ResourceName, owner: Member | undefined): Look => {
    const also = door.also === undefined ? {} : { also: door.also };
    if (owner === undefined) return { resource, standing: atDoor, states: new Set(), ...also };
    const standing = standings.get(owner.key) ?? standingTo(store, region, principal, owner);
    standings.set(owner.key, standing);
    return { resource, standing, states: statesOfMember(owner), ...also };
  };
  return {
    posture,
    refusesCaller: refusesCaller(posture, door.by, atDoor),
    releasesObject: (resource, owner) => releasesObject(posture, look(resource, owner)),
    releasesField: (resource, owner, field) => releasesField(posture, look(resource, owner), field),
  };
}
