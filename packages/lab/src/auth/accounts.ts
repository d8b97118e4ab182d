import { randomUUID } from 'node:crypto';
import { passwordOf, profileOf } from '../people/person.ts';
import { CAST, usernameOf } from '../people/cast.ts';
import { hexId } from '../people/scramble.ts';
import type { Region } from '../rules/stages.ts';
import { extraOf, type Member, regionIndex, regionOf } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import { type Claims, signToken } from './tokens.ts';
import type { LabKeys } from './keys.ts';

/** What a good login is worth: a token and, as in the old days, a session for the cookie. */
export interface Login {
  readonly claims: Claims;
  readonly token: string;
  readonly sessionId: string;
}

/** Log-in, sign-up and the sessions that are open now. */
export interface Accounts {
  logIn(region: Region, name: string, password: string): Promise<Login | undefined>;
  /** A new public member with free membership; undefined when the name is taken. */
  signUp(region: Region, username: string, password: string): Promise<Login | undefined>;
  claimsOfSession(sessionId: string): Claims | undefined;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly keys: LabKeys;
  readonly nowSeconds: () => number;
}

const MAX_SESSIONS = 50_000;

export function openAccounts({ store, keys, nowSeconds }: AccountsOptions): Accounts {
  const sessions = new Map<string, Claims>();
  const logInAs = async (claims: Claims): Promise<Login> => {
    const sessionId = randomUUID().replaceAll('-', '');
    if (sessions.size >= MAX_SESSIONS) sessions.clear();
    sessions.set(sessionId, claims);
    return { claims, sessionId, token: await signToken(keys, claims, nowSeconds()) };
  };
  return {
    claimsOfSession: (sessionId) => sessions.get(sessionId),
    logIn: async (region, name, password) => {
      const staff = staffMember(store.seed, region, name);
      if (staff !== undefined) return password === passwordOf(name) ? logInAs(staff) : undefined;
      const username = name.endsWith(MAIL) ? name.slice(0, -MAIL.length) : name;
      const member = store.memberByName(region, username);
      if (member === undefined || member.deleted === 1 || member.username !== username) return undefined;
      const wanted = extraOf(member)['password'] ?? passwordOf(member.username);
      return password === wanted ? logInAs(claimsOf(member)) : undefined;
    },
    signUp: async (region, username, password) => {
      if (store.memberByName(region, username) !== undefined) return undefined;
      return logInAs(claimsOf(addFreeMember(store, region, username, password)));
    },
  };
}

const MAIL = '@mail.cadence.test';

export function claimsOf(member: Member): Claims {
  return {
    kind: 'member',
    sub: member.id,
    region: regionOf(member),
    ...(member.org === null ? {} : { org: member.org }),
    ...(member.org_role === null ? {} : { org_role: member.org_role }),
  };
}

/** Support staff have no member account: the claims of the one who bears that name. */
export function staffMember(seed: number, region: Region, username: string): Claims | undefined {
  const place = CAST.findIndex((part) => part.role === 'support' && usernameOf(part, region) === username);
  return place === -1 ? undefined : { kind: 'staff', sub: hexId(seed, 3 + regionIndex(region), place), region };
}

function addFreeMember(store: Store, region: Region, username: string, password: string): Member {
  const key = store.nextKey(region);
  const member: Member = {
    ...FREE_MEMBER,
    ...profileOf(store.seed, key),
    key,
    region: regionIndex(region),
    id: randomUUID().replaceAll('-', ''),
    username,
    extra: JSON.stringify({ password }),
  };
  store.addMember(member);
  return member;
}

const FREE_MEMBER = {
  is_private: 0,
  hides_age: 0,
  hides_gender: 0,
  maps_private: 0,
  minor: 0,
  deleted: 0,
  hidden_from_search: 0,
  tag: null,
  org: null,
  org_role: null,
  joined_programme: 0,
} as const;
