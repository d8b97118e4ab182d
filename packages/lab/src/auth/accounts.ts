import { passwordOf, profileOf } from '../people/person.ts';
import { CAST, usernameOf } from '../people/cast.ts';
import { hexId } from '../people/seeded-hash.ts';
import type { Region } from '../rules/stage.ts';
import { extraOf, type Member, regionIndex, regionOf } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import { type Claims, signToken } from './tokens.ts';
import type { LabKeys } from './keys.ts';

/** The result of a successful login: a token, and a session id for the cookie. */
export interface Login {
  readonly claims: Claims;
  readonly token: string;
  readonly sessionId: string;
}

interface LoginAttempt {
  readonly region: Region;
  readonly name: string;
  readonly password: string;
  /** Whether wrong passwords are counted and lock the account. */
  readonly limited: boolean;
}

/** Login, sign-up, and the open sessions. */
export interface Accounts {
  logIn(attempt: LoginAttempt): Promise<Login | 'wrong' | 'locked'>;
  /** A new public member with a free account; undefined if the username is taken. */
  signUp(region: Region, username: string, password: string): Promise<Login | undefined>;
  claimsOfSession(sessionId: string): Claims | undefined;
  /** The claims of the member whose device has that API key. */
  claimsOfKey(key: unknown): Claims | undefined;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly keys: LabKeys;
  readonly nowSeconds: () => number;
  /** 32 hex digits, not guessable. */
  readonly randomId: () => string;
}

/** Beyond these numbers all entries are dropped at once: bounds on memory only. */
const MAX_SESSIONS = 50_000;
const MAX_COUNTED_NAMES = 50_000;
/** Wrong passwords for one name before it is locked. */
const MAX_WRONG_PASSWORDS = 10;

export function openAccounts({ store, keys, nowSeconds, randomId }: AccountsOptions): Accounts {
  const sessions = new Map<string, Claims>();
  const wrongPasswords = new Map<string, number>();
  const logInAs = async (claims: Claims): Promise<Login> => {
    const sessionId = randomId();
    if (sessions.size >= MAX_SESSIONS) sessions.clear();
    sessions.set(sessionId, claims);
    return { claims, sessionId, token: await signToken({ keys, claims, nowSeconds: nowSeconds() }) };
  };
  return {
    claimsOfSession: (sessionId) => sessions.get(sessionId),
    claimsOfKey: (key) => {
      const [, region, id] = (typeof key === 'string' ? API_KEY.exec(key) : null) ?? [];
      const member = region === 'us' || region === 'uk' ? store.memberById(region, id ?? '') : undefined;
      return member !== undefined && apiKeyOf(store.seed, member) === key ? claimsOf(member) : undefined;
    },
    logIn: async ({ region, name, password, limited }) => {
      const key = `${region} ${name}`;
      const wrong = wrongPasswords.get(key) ?? 0;
      if (limited && wrong >= MAX_WRONG_PASSWORDS) return 'locked';
      const claims = claimsFor(store, region, { name, password });
      if (claims !== undefined) return logInAs(claims);
      if (wrongPasswords.size >= MAX_COUNTED_NAMES) wrongPasswords.clear();
      if (limited) wrongPasswords.set(key, wrong + 1);
      return 'wrong';
    },
    signUp: async (region, username, password) => {
      if (store.memberByName(region, username) !== undefined) return undefined;
      return logInAs(claimsOf(addFreeMember(store, region, { id: randomId(), username, password })));
    },
  };
}

function claimsFor(
  store: Store,
  region: Region,
  { name, password }: Pick<LoginAttempt, 'name' | 'password'>,
): Claims | undefined {
  const staff = staffMember(store.seed, region, name);
  if (staff !== undefined) return password === passwordOf(name) ? staff : undefined;
  const username = name.endsWith(MAIL) ? name.slice(0, -MAIL.length) : name;
  const member = store.memberByName(region, username);
  if (member === undefined || member.deleted === 1 || member.username !== username) return undefined;
  return password === (extraOf(member)['password'] ?? passwordOf(username)) ? claimsOf(member) : undefined;
}

const API_KEY = /^cdk_(us|uk)_([0-9a-f]{32})_[0-9a-f]{8}$/;
/** The key that the paired device of a member sends as `x-api-key`. */
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

/** The claims of the support employee of that name; staff have no member account. */
export function staffMember(seed: number, region: Region, username: string): Claims | undefined {
  const index = CAST.findIndex(
    (castMember) => castMember.role === 'support' && usernameOf(castMember, region) === username,
  );
  return index === -1 ? undefined : { kind: 'staff', sub: hexId(seed, 3 + regionIndex(region), index), region };
}

interface NewMember {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

function addFreeMember(store: Store, region: Region, { id, username, password }: NewMember): Member {
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
