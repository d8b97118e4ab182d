import {
  ANONYMOUS_RELATIONSHIP,
  FOREIGN_RELATIONSHIP,
  type Relation,
  type Relationship,
  localRelationship,
  type State,
} from '../rules/relationship.ts';
import type { Region } from '../rules/stage.ts';

export type Role =
  | 'owner'
  | 'stranger'
  | 'follower'
  | 'pending'
  | 'classmate'
  | 'tagmate'
  | 'instructor'
  | 'coach'
  | 'org_admin'
  | 'guardian'
  | 'support';

/** A person of the cast; in the second region the same person has `_uk` after the name. */
export interface CastMember {
  readonly name: string;
  readonly role: Role;
  readonly note: string;
  readonly states?: readonly State[];
  readonly follows?: readonly string[];
  readonly asksToFollow?: readonly string[];
  readonly guards?: readonly string[];
  /** Took the class that every owner took. */
  readonly inClass?: boolean;
  /** Has the tag that every owner has. */
  readonly inTag?: boolean;
  readonly employment?: Employment;
}

/** Tenants: organisations whose wellness programmes Cadence runs. */
export const ORGS: readonly string[] = ['northwind', 'southgate'];

export interface Employment {
  readonly org: string;
  readonly role: 'employee' | 'coach' | 'admin';
  readonly joinedProgramme: boolean;
}

const owner = (name: string, note: string, more: Partial<CastMember> = {}): CastMember => ({
  name,
  role: 'owner',
  note,
  follows: ['olga'],
  inClass: true,
  inTag: true,
  ...more,
});

/** The owners. `olga` is public and followed by every other owner, so that her list contains them all; no list is empty. */
export const OWNERS: readonly CastMember[] = [
  owner('olga', 'public profile; follows hugo, mina, cole and dora', { follows: ['hugo', 'mina', 'cole', 'dora'] }),
  owner('pia', 'private profile', { states: ['private'] }),
  owner('hugo', 'public profile, hides age and gender', { states: ['hides_age', 'hides_gender'] }),
  owner('vip', 'high-profile canary: private, hides everything', {
    states: ['private', 'hides_age', 'hides_gender', 'maps_private'],
  }),
  owner('mina', 'a minor, guarded by gwen', { states: ['minor'] }),
  owner('hida', 'public profile, hidden from search', { states: ['hidden_from_search'] }),
  owner('cole', 'private profile, employee of northwind, joined its programme', {
    states: ['private'],
    employment: { org: 'northwind', role: 'employee', joinedProgramme: true },
  }),
  owner('dora', 'deleted her account; cannot log in', { states: ['deleted'] }),
];

/** Callers that own nothing of interest. `sid` is staff and has no member account. */
const VIEWERS: readonly CastMember[] = [
  { name: 'sam', role: 'stranger', note: 'a free account, a stranger to all' },
  {
    name: 'fay',
    role: 'follower',
    note: 'accepted follower of olga, pia, hugo, vip and hida',
    follows: ['olga', 'pia', 'hugo', 'vip', 'hida'],
  },
  { name: 'penny', role: 'pending', note: 'asked to follow pia, not accepted', asksToFollow: ['pia'] },
  { name: 'carl', role: 'classmate', note: "took the owners' class", inClass: true },
  { name: 'tara', role: 'tagmate', note: "carries the owners' tag", inTag: true },
  { name: 'ivan', role: 'instructor', note: 'instructor of that class, a private member himself', states: ['private'] },
  {
    name: 'coco',
    role: 'coach',
    note: "coach of northwind's programme",
    employment: { org: 'northwind', role: 'coach', joinedProgramme: false },
  },
  {
    name: 'ada',
    role: 'org_admin',
    note: 'administrator of northwind',
    employment: { org: 'northwind', role: 'admin', joinedProgramme: false },
  },
  {
    name: 'otto',
    role: 'org_admin',
    note: 'administrator of southgate, another tenant',
    employment: { org: 'southgate', role: 'admin', joinedProgramme: false },
  },
  { name: 'gwen', role: 'guardian', note: 'guardian of mina', guards: ['mina'] },
  { name: 'sid', role: 'support', note: 'support staff, tokens of a second issuer' },
];

export const CAST: readonly CastMember[] = [...OWNERS, ...VIEWERS];
/** Those with a row in the member table, in the order of their keys. */
export const CAST_WITH_ACCOUNTS: readonly CastMember[] = CAST.filter((castMember) => castMember.role !== 'support');

export const usernameOf = (castMember: CastMember, region: Region): string =>
  region === 'us' ? castMember.name : `${castMember.name}_${region}`;

/** A caller of the oracle: anonymous, anyone of the region, or the stranger of the other region. */
export interface Viewer {
  readonly name: string;
  readonly region: Region;
  readonly castMember: CastMember | undefined;
}

export function viewersOf(region: Region): readonly Viewer[] {
  const here = CAST.filter((castMember) => canLogIn(castMember)).map((castMember) => ({
    name: usernameOf(castMember, region),
    region,
    castMember,
  }));
  const abroad = region === 'us' ? 'uk' : 'us';
  const foreigners = CAST.filter((castMember) => castMember.role === 'stranger');
  return [
    { name: 'anonymous', region, castMember: undefined },
    ...here,
    ...foreigners.map((castMember) => ({ name: usernameOf(castMember, abroad), region: abroad, castMember }) as const),
  ];
}

export const canLogIn = (castMember: CastMember): boolean => castMember.states?.includes('deleted') !== true;

/** What a viewer is to an owner on a host of `region`, by the declarations above and not by any database. */
export function relationshipOf(viewer: Viewer, castMember: CastMember, region: Region): Relationship {
  if (viewer.castMember === undefined) return ANONYMOUS_RELATIONSHIP;
  if (viewer.region !== region) return FOREIGN_RELATIONSHIP;
  const relationsIgnoringTenant = relationsOfRole(
    viewer.castMember.employment?.role ?? null,
    castMember.employment?.joinedProgramme,
  );
  return { ...localRelationship(...relationsOf(viewer.castMember, castMember)), relationsIgnoringTenant };
}

function relationsOf(viewer: CastMember, castMember: CastMember): readonly Relation[] {
  const tests: Readonly<Partial<Record<Relation, boolean>>> = {
    self: viewer === castMember,
    support: viewer.role === 'support',
    follower: viewer.follows?.includes(castMember.name) ?? false,
    pending: viewer.asksToFollow?.includes(castMember.name) ?? false,
    guardian: viewer.guards?.includes(castMember.name) ?? false,
    ...employmentRelations(viewer, castMember),
  };
  return Object.entries(tests).flatMap(([relation, holds]) => (holds ? [relation as Relation] : []));
}

function employmentRelations(viewer: CastMember, castMember: CastMember): Readonly<Partial<Record<Relation, boolean>>> {
  const mine = viewer.employment;
  const theirs = castMember.employment;
  if (mine === undefined || theirs === undefined || mine.org !== theirs.org) return {};
  const relations = relationsOfRole(mine.role, theirs.joinedProgramme);
  return Object.fromEntries([...relations].map((relation) => [relation, true]));
}

/**
 * Relations that a role gives to an employee of the same organisation (or, with `joinedProgramme` false, to the organisation
 * itself). The organisations are not compared here. Empty without a role, or for an owner without an employer.
 */
export function relationsOfRole(role: Employment['role'] | null, joinedProgramme: boolean | undefined): Set<Relation> {
  const relations = new Set<Relation>();
  if (role === null || joinedProgramme === undefined) return relations;
  relations.add('colleague');
  if (role === 'coach' && joinedProgramme) relations.add('coach');
  if (role === 'admin') relations.add('org_admin');
  return relations;
}

/** What a viewer is to an organisation of the region. */
export function relationshipToOrgOf(viewer: Viewer, org: string, region: Region): Relationship {
  if (viewer.castMember === undefined) return ANONYMOUS_RELATIONSHIP;
  if (viewer.region !== region) return FOREIGN_RELATIONSHIP;
  const { employment } = viewer.castMember;
  const relationsIgnoringTenant = relationsOfRole(employment?.role ?? null, false);
  return { ...localRelationship(...(employment?.org === org ? relationsIgnoringTenant : [])), relationsIgnoringTenant };
}

export const statesOf = (castMember: CastMember): ReadonlySet<State> => new Set(castMember.states);
