import {
  canLogIn,
  OWNERS,
  type Part,
  standingOf,
  statesOf,
  usernameOf,
  type Viewer,
  viewersOf,
} from '../people/cast.ts';
import type { ResourceName } from '../rules/meaning.ts';
import {
  type Look,
  meansField,
  meansObject,
  type Posture,
  refusesCaller,
  releasesField,
  releasesObject,
} from '../rules/posture.ts';
import {
  type Channel,
  postureOf,
  type Protocol,
  type Region,
  REGIONS,
  type Stage,
  stageNamed,
} from '../rules/stages.ts';
import type { Door, Sight } from '../surface/door.ts';
import { DOORS } from '../surface/doors.ts';

export type Verdict = 'violation' | 'allowed' | 'withheld' | 'lost';

/** What the lab does, and should do, for one field of one owner before one viewer at one door. */
export interface OracleCell {
  readonly kind: 'read';
  readonly host: string;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly operation: string;
  readonly resource: ResourceName;
  /** The field as MEANING calls it. */
  readonly field: string;
  /** Where it is in the answer, from the object that holds it: `protectedFields.age`. */
  readonly wire: string;
  /** Where that object is in the answer: `data/*`. */
  readonly at: string;
  /** A username of the cast, or `anonymous`. */
  readonly viewer: string;
  readonly owner: string;
  readonly released: boolean;
  readonly meant: boolean;
  readonly verdict: Verdict;
  /** Identities whose credentials prove the cell; none when only a planted value can (the owner cannot log in). */
  readonly provableWith: readonly string[];
}

export interface OracleOptions {
  /** A stage's name, or a stage of one's own. */
  readonly stage: string | Stage;
  readonly regions?: readonly Region[];
}

/**
 * Every cell of a stage, in a fixed order: computed from the doors, the play and MEANING alone; no request is made and no
 * database read. Throws LP-LAB-STAGE.
 */
export function oracle(options: OracleOptions): OracleCell[] {
  const stage = typeof options.stage === 'string' ? stageNamed(options.stage) : options.stage;
  const cells: OracleCell[] = [];
  for (const region of options.regions ?? REGIONS) {
    for (const door of DOORS) {
      for (const channel of door.channels) cells.push(...cellsOfDoor(stage, region, door, channel));
    }
  }
  return cells;
}

/** The virtual host that serves a protocol in a region. */
export const hostOf = (region: Region, protocol: Protocol): string =>
  `${protocol === 'rest' ? 'api' : 'gql'}.${region}.lab.test`;

function* cellsOfDoor(stage: Stage, region: Region, door: Door, channel: Channel): Iterable<OracleCell> {
  if (door.about === 'none') return;
  const { operation, protocol } = door;
  const posture = postureOf(stage, { region, protocol, channel, operation }, door.control ?? false);
  for (const viewer of viewersOf(region)) {
    for (const owner of OWNERS) {
      if (door.about === 'self' && viewer.part !== owner) continue;
      if (door.about === 'self' && viewer.region !== region) continue;
      for (const sight of door.sights) yield* cellsOfSight({ region, door, channel, posture, viewer, owner, sight });
    }
  }
}

interface Place {
  readonly region: Region;
  readonly door: Door;
  readonly channel: Channel;
  readonly posture: Posture;
  readonly viewer: Viewer;
  readonly owner: Part;
  readonly sight: Sight;
}

function* cellsOfSight(place: Place): Iterable<OracleCell> {
  const { region, door, channel, posture, viewer, owner, sight } = place;
  const standing = standingOf(viewer, owner, region);
  const states = statesOf(owner);
  const look = (resource: ResourceName): Look => ({
    resource,
    standing,
    states,
    ...(door.also === undefined ? {} : { also: door.also }),
  });
  const here = look(sight.resource);
  const around = (sight.within ?? []).map(look);
  const enters = !refusesCaller(posture, door.by, standing);
  const reached = enters && [...around, here].every((each) => releasesObject(posture, each));
  const known = around.every((each) => meansObject(each));
  for (const [wire, field] of Object.entries(sight.fields)) {
    const released = reached && releasesField(posture, here, field);
    const meant = known && meansField(here, field);
    yield {
      kind: 'read',
      host: hostOf(region, door.protocol),
      protocol: door.protocol,
      channel,
      operation: door.operation,
      resource: sight.resource,
      field,
      wire,
      at: sight.at,
      viewer: viewer.name,
      owner: usernameOf(owner, region),
      released,
      meant,
      verdict: verdictOf(released, meant),
      provableWith: provableWith(viewer, owner, region),
    };
  }
}

function verdictOf(released: boolean, meant: boolean): Verdict {
  if (released) return meant ? 'allowed' : 'violation';
  return meant ? 'lost' : 'withheld';
}

function provableWith(viewer: Viewer, owner: Part, region: Region): readonly string[] {
  if (!canLogIn(owner)) return [];
  const names = viewer.part === undefined ? [] : [viewer.name];
  const mine = usernameOf(owner, region);
  return names.includes(mine) ? names : [...names, mine];
}
