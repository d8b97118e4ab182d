import {
  canLogIn,
  ORGS,
  OWNERS,
  type Part,
  standingOf,
  standingToOrgOf,
  statesOf,
  usernameOf,
  type Viewer,
  viewersOf,
} from '../people/cast.ts';
import type { Standing, State } from '../rules/standing.ts';
import type { Channel, Region } from '../rules/stages.ts';
import type { Door } from '../surface/door.ts';

/** A viewer before an owner, by the play's own words. */
export interface Pair {
  readonly viewer: string;
  readonly owner: string;
  readonly standing: Standing;
  readonly states: ReadonlySet<State>;
  readonly provableWith: readonly string[];
}

/**
 * The pairs that a door's answers can be about: every named viewer before every named owner whom it could show them. Staff have
 * no device to come by.
 */
export function pairsAt(door: Door, region: Region, channel: Channel): readonly Pair[] {
  if (door.about === 'none') return [];
  const viewers = viewersOf(region).filter(({ part }) => channel !== 'device' || part?.role !== 'support');
  if (door.about === 'org') return viewers.flatMap((viewer) => ORGS.map((org) => orgPair(viewer, org, region)));
  const pairs = viewers.flatMap((viewer) => OWNERS.map((owner) => ownerPair(viewer, owner, region)));
  return pairs.filter(({ pair, owner }) => couldShow(door, pair, owner)).map(({ pair }) => pair);
}

function couldShow({ about }: Door, { standing }: Pair, owner: Part): boolean {
  switch (about) {
    case 'self':
      return standing.relations.has('self');
    case 'follows':
      return standing.relations.has('follower');
    case 'employees':
      return owner.employment !== undefined;
    default:
      return true;
  }
}

function ownerPair(viewer: Viewer, owner: Part, region: Region): { readonly pair: Pair; readonly owner: Part } {
  const name = usernameOf(owner, region);
  const provableWith = canLogIn(owner) ? [...new Set([...credentialsOf(viewer), name])] : [];
  const pair = {
    viewer: viewer.name,
    owner: name,
    standing: standingOf(viewer, owner, region),
    states: statesOf(owner),
    provableWith,
  };
  return { pair, owner };
}

/** What an organisation owns is known by its administrator's own view of it. */
function orgPair(viewer: Viewer, org: string, region: Region): Pair {
  const admin = viewersOf(region).find(({ part }) => part?.employment?.org === org && part.employment.role === 'admin');
  return {
    viewer: viewer.name,
    owner: org,
    standing: standingToOrgOf(viewer, org, region),
    states: new Set(),
    provableWith: [...new Set([...credentialsOf(viewer), ...(admin === undefined ? [] : [admin.name])])],
  };
}

const credentialsOf = (viewer: Viewer): readonly string[] => (viewer.part === undefined ? [] : [viewer.name]);
