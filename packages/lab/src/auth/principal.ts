import type { TokenFlaw } from '../rules/posture.ts';
import { ANONYMOUS, FOREIGN, type Relation, type Standing, standingHere } from '../rules/standing.ts';
import type { Region } from '../rules/stages.ts';
import { relationsOfRole } from '../people/cast.ts';
import type { Member } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import type { Claims } from './tokens.ts';

/** The caller of one request, once known. A member of this region comes with their row. */
export interface Principal {
  readonly claims: Claims;
  readonly member: Member | undefined;
  readonly by: 'token' | 'session' | 'api-key';
  /** What is wrong with their token; each door says whether that matters. */
  readonly flaw?: TokenFlaw;
}

/** The principal of a credential that was read; undefined where its member is gone. */
export function principalOf(
  store: Store,
  region: Region,
  credential: Omit<Principal, 'member'>,
): Principal | undefined {
  const { claims } = credential;
  if (claims.region !== region || claims.kind === 'staff') return { ...credential, member: undefined };
  const member = store.memberById(region, claims.sub);
  return member === undefined || member.deleted === 1 ? undefined : { ...credential, member };
}

/** How the caller of a request stands to one owner, by what the database holds now. */
export function standingTo(store: Store, region: Region, principal: Principal | undefined, owner: Member): Standing {
  if (principal === undefined) return ANONYMOUS;
  if (principal.claims.region !== region) return FOREIGN;
  if (principal.claims.kind === 'staff') return standingHere('support');
  const { member } = principal;
  if (member === undefined) return ANONYMOUS;
  const inAnotherTenant = relationsOfRole(
    member.org_role,
    owner.org === null ? undefined : owner.joined_programme === 1,
  );
  return { ...standingHere(...relationsBetween(store, member, owner)), inAnotherTenant };
}

/** How the caller of a request stands to an organisation. */
export function standingToOrg(region: Region, principal: Principal | undefined, org: string): Standing {
  const atDoor = standingAtDoor(region, principal);
  const member = principal?.member;
  if (member?.org_role === undefined || member.org_role === null) return atDoor;
  const inAnotherTenant = relationsOfRole(member.org_role, false);
  return { ...(member.org === org ? standingHere(...inAnotherTenant) : atDoor), inAnotherTenant };
}

/** The standing of a caller to nobody in particular: enough to know whether they may knock. */
export function standingAtDoor(region: Region, principal: Principal | undefined): Standing {
  if (principal === undefined) return ANONYMOUS;
  return principal.claims.region === region ? standingHere() : FOREIGN;
}

type Test = (store: Store, viewer: Member, owner: Member) => boolean;

const sameOrg: Test = (_, viewer, owner) => viewer.org !== null && viewer.org === owner.org;

/** One test for each relation that the database can answer; also what the internal lookup is answered from. */
export const RELATION_TESTS: Readonly<Partial<Record<Relation, Test>>> = {
  self: (_, viewer, owner) => viewer.key === owner.key,
  follower: (store, viewer, owner) => store.follow(owner.key, viewer.key) === 'following',
  pending: (store, viewer, owner) => store.follow(owner.key, viewer.key) === 'follow_pending',
  classmate: (store, viewer, owner) => viewer.key !== owner.key && store.sharesClass(viewer.key, owner.key),
  tagmate: (_, viewer, owner) => viewer.key !== owner.key && viewer.tag !== null && viewer.tag === owner.tag,
  colleague: sameOrg,
  coach: (store, viewer, owner) =>
    sameOrg(store, viewer, owner) && viewer.org_role === 'coach' && owner.joined_programme === 1,
  org_admin: (store, viewer, owner) => sameOrg(store, viewer, owner) && viewer.org_role === 'admin',
  guardian: (store, viewer, owner) => store.guards(viewer.key, owner.key),
};

/** Relations that a rule names; the others (same class, same tag) open nothing and are not asked for at every field. */
const OPENING: readonly Relation[] = ['self', 'follower', 'colleague', 'coach', 'org_admin', 'guardian'];

function relationsBetween(store: Store, viewer: Member, owner: Member): readonly Relation[] {
  return OPENING.filter((relation) => RELATION_TESTS[relation]?.(store, viewer, owner));
}
