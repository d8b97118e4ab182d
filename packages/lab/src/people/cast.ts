import { ANONYMOUS, FOREIGN, type Relation, type Standing, standingHere, type State } from '../rules/standing.ts';
import type { Region } from '../rules/stages.ts';

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

/** A person of the play, once in each region (`_uk` follows the name in the second). */
export interface Part {
  readonly name: string;
  readonly role: Role;
  readonly note: string;
  readonly states?: readonly State[];
  readonly follows?: readonly string[];
  readonly asksToFollow?: readonly string[];
  readonly guards?: readonly string[];
  /** Takes the class that every owner takes. */
  readonly inClass?: boolean;
  /** Carries the tag that every owner carries. */
  readonly inTag?: boolean;
  readonly employment?: Employment;
}

/** The organisations whose wellness programmes Cadence runs: tenants, side by side. */
export const ORGS: readonly string[] = ['northwind', 'southgate'];

export interface Employment {
  readonly org: string;
  readonly role: 'employee' | 'coach' | 'admin';
  readonly joinedProgramme: boolean;
}

const owner = (name: string, note: string, more: Partial<Part> = {}): Part => ({
  name,
  role: 'owner',
  note,
  follows: ['olga'],
  inClass: true,
  inTag: true,
  ...more,
});

/** Whose data is at stake. `olga` is public and followed by every other owner, so her list holds them all; nobody's list is empty. */
export const OWNERS: readonly Part[] = [
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

/** Who looks. `sid` is staff and has no member account. */
const VIEWERS: readonly Part[] = [
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

export const CAST: readonly Part[] = [...OWNERS, ...VIEWERS];
/** Those who have a row in the member table, in the order of their keys. */
export const MEMBER_PARTS: readonly Part[] = CAST.filter((part) => part.role !== 'support');

export const usernameOf = (part: Part, region: Region): string =>
  region === 'us' ? part.name : `${part.name}_${region}`;

/** Every caller the oracle speaks of on a host: nobody, everyone of the region, and the other region's stranger. */
export interface Viewer {
  readonly name: string;
  readonly region: Region;
  readonly part: Part | undefined;
}

export function viewersOf(region: Region): readonly Viewer[] {
  const here = CAST.filter((part) => canLogIn(part)).map((part) => ({ name: usernameOf(part, region), region, part }));
  const abroad = region === 'us' ? 'uk' : 'us';
  const foreigners = CAST.filter((part) => part.role === 'stranger');
  return [
    { name: 'anonymous', region, part: undefined },
    ...here,
    ...foreigners.map((part) => ({ name: usernameOf(part, abroad), region: abroad, part }) as const),
  ];
}

export const canLogIn = (part: Part): boolean => part.states?.includes('deleted') !== true;

/** How a viewer stands to an owner on a host of `region`, by the play's own words and not by any database. */
export function standingOf(viewer: Viewer, part: Part, region: Region): Standing {
  if (viewer.part === undefined) return ANONYMOUS;
  if (viewer.region !== region) return FOREIGN;
  const inAnotherTenant = relationsOfRole(viewer.part.employment?.role ?? null, part.employment?.joinedProgramme);
  return { ...standingHere(...relationsOf(viewer.part, part)), inAnotherTenant };
}

function relationsOf(viewer: Part, part: Part): readonly Relation[] {
  const tests: Readonly<Partial<Record<Relation, boolean>>> = {
    self: viewer === part,
    support: viewer.role === 'support',
    follower: viewer.follows?.includes(part.name) ?? false,
    pending: viewer.asksToFollow?.includes(part.name) ?? false,
    guardian: viewer.guards?.includes(part.name) ?? false,
    ...employmentRelations(viewer, part),
  };
  return Object.entries(tests).flatMap(([relation, holds]) => (holds ? [relation as Relation] : []));
}

function employmentRelations(viewer: Part, part: Part): Readonly<Partial<Record<Relation, boolean>>> {
  const mine = viewer.employment;
  const theirs = part.employment;
  if (mine === undefined || theirs === undefined || mine.org !== theirs.org) return {};
  const relations = relationsOfRole(mine.role, theirs.joinedProgramme);
  return Object.fromEntries([...relations].map((relation) => [relation, true]));
}

/**
 * What a role makes its bearer to somebody employed (or, with `joinedProgramme` false, to the organisation), before anybody asks
 * in which organisation. Nothing without a role, or to somebody who is employed nowhere.
 */
export function relationsOfRole(role: Employment['role'] | null, joinedProgramme: boolean | undefined): Set<Relation> {
  const relations = new Set<Relation>();
  if (role === null || joinedProgramme === undefined) return relations;
  relations.add('colleague');
  if (role === 'coach' && joinedProgramme) relations.add('coach');
  if (role === 'admin') relations.add('org_admin');
  return relations;
}

/** How a viewer stands to an organisation of the region. */
export function standingToOrgOf(viewer: Viewer, org: string, region: Region): Standing {
  if (viewer.part === undefined) return ANONYMOUS;
  if (viewer.region !== region) return FOREIGN;
  const { employment } = viewer.part;
  const inAnotherTenant = relationsOfRole(employment?.role ?? null, false);
  return { ...standingHere(...(employment?.org === org ? inAnotherTenant : [])), inAnotherTenant };
}

export const statesOf = (part: Part): ReadonlySet<State> => new Set(part.states);
