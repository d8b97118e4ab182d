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

interface LoginTry {
  readonly region: Region;
  readonly name: string;
  readonly password: string;
  /** Whether wrong tries are counted; where they are not, passwords can be guessed for ever. */
  readonly limited: boolean;
}

/** Log-in, sign-up, and the sessions that are open now. */
export interface Accounts {
  logIn(attempt: LoginTry): Promise<Login | 'wrong' | 'locked'>;
  /** A new public member with free membership; undefined when the name is taken. */
  signUp(region: Region, username: string, password: string): Promise<Login | undefined>;
  claimsOfSession(sessionId: string): Claims | undefined;
  /** The member whose bike or treadmill bears that key. */
  claimsOfKey(key: unknown): Claims | undefined;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly keys: LabKeys;
  readonly nowSeconds: () => number;
  /** 32 hex digits nobody can guess. */
  readonly randomId: () => string;
}

/** Beyond these many all are forgotten at once: bounds, not policies. */
const MAX_SESSIONS = 50_000;
const MAX_COUNTED_NAMES = 50_000;
/** Wrong tries for one name before it is locked. */
const MAX_WRONG_TRIES = 10;

export function openAccounts({ store, keys, nowSeconds, randomId }: AccountsOptions): Accounts {
  const sessions = new Map<string, Claims>();
  const wrongTries = new Map<string, number>();
  const logInAs = async (claims: Claims): Promise<Login> => {
    const sessionId = randomId();
    if (sessions.size >= MAX_SESSIONS) sessions.clear();
    sessions.set(sessionId, claims);
    return { claims, sessionId, token: await signToken(keys, claims, nowSeconds()) };
  };
  return {
    claimsOfSession: (sessionId) => sessions.get(sessionId),
    claimsOfKey: (key) => {
      const [, region, id] = (typeof key === 'string' ? API_KEY.exec(key) : null) ?? [];
      const member = region === 'us' || region === 'uk' ? store.memberById(region, id ?? '') : undefined;
      return member !== undefined && apiKeyOf(store.seed, member) === key ? claimsOf(member) : undefined;
    },
    logIn: async ({ region, name, password, limited }) => {
      const counted = `${region} ${name}`;
      const tries = wrongTries.get(counted) ?? 0;
      if (limited && tries >= MAX_WRONG_TRIES) return 'locked';
      const claims = claimsFor(store, region, name, password);
      if (claims !== undefined) return logInAs(claims);
      if (wrongTries.size >= MAX_COUNTED_NAMES) wrongTries.clear();
      if (limited) wrongTries.set(counted, tries + 1);
      return 'wrong';
    },
    signUp: async (region, username, password) => {
      if (store.memberByName(region, username) !== undefined) return undefined;
      return logInAs(claimsOf(addFreeMember(store, region, { id: randomId(), username, password })));
    },
  };
}

function claimsFor(store: Store, region: Region, name: string, password: string): Claims | undefined {
  const staff = staffMember(store.seed, region, name);
  if (staff !== undefined) return password === passwordOf(name) ? staff : undefined;
  const username = name.endsWith(MAIL) ? name.slice(0, -MAIL.length) : name;
  const member = store.memberByName(region, username);
  if (member === undefined || member.deleted === 1 || member.username !== username) return undefined;
  return password === (extraOf(member)['password'] ?? passwordOf(username)) ? claimsOf(member) : undefined;
}

const API_KEY = /^cdk_(us|uk)_([0-9a-f]{32})_[0-9a-f]{8}$/;
/** The key that a member's paired bike sends as `x-api-key`. */
export const apiKeyOf = (seed: number, member: Member): string =>
  `cdk_${regionOf(member)}_${member.id}_${hexId(seed, 92, member.key).slice(0, 8)}`;

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

interface Newcomer {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

function addFreeMember(store: Store, region: Region, { id, username, password }: Newcomer): Member {
  const key = store.nextKey(region);
  const member: Member = {
    ...FREE_MEMBER,
    ...profileOf(store.seed, key),
    key,
    region: regionIndex(region),
    id,
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
