import type { TokenFlaw } from '../rules/posture.ts';
import {
  ANONYMOUS_RELATIONSHIP,
  FOREIGN_RELATIONSHIP,
  type Relation,
  type Relationship,
  localRelationship,
} from '../rules/relationship.ts';
import type { Region } from '../rules/stage.ts';
import { relationsOfRole } from '../people/cast.ts';
import type { Member } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import type { Claims } from './tokens.ts';

/** The caller of one request, once known; with the row of a member of this region. */
export interface Principal {
  readonly claims: Claims;
  readonly member: Member | undefined;
  readonly by: 'token' | 'session' | 'api-key';
  /** What is wrong with the token; the operation's posture decides whether that matters. */
  readonly flaw?: TokenFlaw;
}

/** The principal of a credential; undefined if its member no longer exists. */
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

/** What the caller is to one owner, by the current content of the store. */
export function relationshipTo(
  owner: Member,
  principal: Principal | undefined,
  { store, region }: { readonly store: Store; readonly region: Region },
): Relationship {
  if (principal === undefined) return ANONYMOUS_RELATIONSHIP;
  if (principal.claims.region !== region) return FOREIGN_RELATIONSHIP;
  if (principal.claims.kind === 'staff') return localRelationship('support');
  const { member } = principal;
  if (member === undefined) return ANONYMOUS_RELATIONSHIP;
  const relationsIgnoringTenant = relationsOfRole(
    member.org_role,
    owner.org === null ? undefined : owner.joined_programme === 1,
  );
  return { ...localRelationship(...relationsBetween(store, member, owner)), relationsIgnoringTenant };
}

/** What the caller is to an organisation. */
export function relationshipToOrg(region: Region, principal: Principal | undefined, org: string): Relationship {
  const toNobody = relationshipToNobody(region, principal);
  const member = principal?.member;
  if (member?.org_role === undefined || member.org_role === null) return toNobody;
  const relationsIgnoringTenant = relationsOfRole(member.org_role, false);
  return {
    ...(member.org === org ? localRelationship(...relationsIgnoringTenant) : toNobody),
    relationsIgnoringTenant,
  };
}

/** What the caller is before any owner is known. */
export function relationshipToNobody(region: Region, principal: Principal | undefined): Relationship {
  if (principal === undefined) return ANONYMOUS_RELATIONSHIP;
  return principal.claims.region === region ? localRelationship() : FOREIGN_RELATIONSHIP;
}

type RelationTest = (store: Store, viewer: Member, owner: Member) => boolean;

const sameOrg: RelationTest = (_, viewer, owner) => viewer.org !== null && viewer.org === owner.org;

/** One test for each relation that the store can answer; the internal lookup service uses them too. */
export const RELATION_TESTS: Readonly<Partial<Record<Relation, RelationTest>>> = {
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

/** Relations that rules name; the others (same class, same tag) allow nothing and are not computed for every field. */
const RELATIONS_IN_POLICY: readonly Relation[] = ['self', 'follower', 'colleague', 'coach', 'org_admin', 'guardian'];

function relationsBetween(store: Store, viewer: Member, owner: Member): readonly Relation[] {
  return RELATIONS_IN_POLICY.filter((relation) => RELATION_TESTS[relation]?.(store, viewer, owner));
}
