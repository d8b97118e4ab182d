import {
  canLogIn,
  ORGS,
  OWNERS,
  type CastMember,
  relationshipOf,
  relationshipToOrgOf,
  statesOf,
  usernameOf,
  type Viewer,
  viewersOf,
} from '../people/cast.ts';
import type { Relationship, State } from '../rules/relationship.ts';
import type { Channel, Region } from '../rules/stage.ts';
import type { Operation } from '../surface/operation.ts';

/** A viewer and an owner, with the relationship that the cast declares. */
export interface Pair {
  readonly viewer: string;
  readonly owner: string;
  readonly relationship: Relationship;
  readonly states: ReadonlySet<State>;
  readonly provableWith: readonly string[];
}

/**
 * The pairs that an operation's response can be about: every viewer with every owner that it could return to them. Staff have no
 * device.
 */
export function pairsFor(operation: Operation, region: Region, channel: Channel): readonly Pair[] {
  if (operation.about === 'none') return [];
  const viewers = viewersOf(region).filter(({ castMember }) => channel !== 'device' || castMember?.role !== 'support');
  if (operation.about === 'org') return viewers.flatMap((viewer) => ORGS.map((org) => orgPair(viewer, org, region)));
  const pairs = viewers.flatMap((viewer) => OWNERS.map((owner) => ownerPair(viewer, owner, region)));
  return pairs.filter(({ pair, owner }) => couldReturn(operation, pair, owner)).map(({ pair }) => pair);
}

function couldReturn({ about }: Operation, { relationship }: Pair, owner: CastMember): boolean {
  switch (about) {
    case 'self':
      return relationship.relations.has('self');
    case 'follows':
      return relationship.relations.has('follower');
    case 'employees':
      return owner.employment !== undefined;
    default:
      return true;
  }
}

function ownerPair(
  viewer: Viewer,
  owner: CastMember,
  region: Region,
): { readonly pair: Pair; readonly owner: CastMember } {
  const name = usernameOf(owner, region);
  const provableWith = canLogIn(owner) ? [...new Set([...credentialsOf(viewer), name])] : [];
  const pair = {
    viewer: viewer.name,
    owner: name,
    relationship: relationshipOf(viewer, owner, region),
    states: statesOf(owner),
    provableWith,
  };
  return { pair, owner };
}

/** The administrator of an organisation shows what it owns. */
function orgPair(viewer: Viewer, org: string, region: Region): Pair {
  const admin = viewersOf(region).find(
    ({ castMember }) => castMember?.employment?.org === org && castMember.employment.role === 'admin',
  );
  return {
    viewer: viewer.name,
    owner: org,
    relationship: relationshipToOrgOf(viewer, org, region),
    states: new Set(),
    provableWith: [...new Set([...credentialsOf(viewer), ...(admin === undefined ? [] : [admin.name])])],
  };
}

const credentialsOf = (viewer: Viewer): readonly string[] => (viewer.castMember === undefined ? [] : [viewer.name]);
