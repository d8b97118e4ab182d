import { type Principal } from '../auth/principal.ts';
import { secretsOf } from '../people/person.ts';
import { tagName } from './tags.ts';
import { hexId, seededHash } from '../people/seeded-hash.ts';
import { extraOf, type Member } from '../store/member.ts';
import type { Store } from '../store/store.ts';
import type { Tree } from '../rest/render.ts';

/** Where values come from; relations are those to `principal`. */
export interface ValueSource {
  readonly store: Store;
  readonly principal: Principal | undefined;
}

type Value = (member: Member, source: ValueSource) => Tree;

const secret =
  (name: keyof ReturnType<typeof secretsOf>): Value =>
  (member, { store }) =>
    secretsOf(store.seed, member)[name];
const column =
  (name: keyof Member): Value =>
  (member) =>
    member[name];
const flag =
  (name: keyof Member): Value =>
  (member) =>
    member[name] === 1;
const chance =
  (salt: number, from: number, span: number): Value =>
  (member, { store }) =>
    from + (seededHash(store.seed, member.key, salt) % span);

const relationTo: Value = (member, { store, principal }) => {
  const me = principal?.member;
  if (me === undefined) return { me_to_user: 'none', user_to_me: 'none' };
  return { me_to_user: store.follow(member.key, me.key), user_to_me: store.follow(me.key, member.key) };
};

/** The value of every field of a user, by its name in the policy. */
const USER_VALUES: Readonly<Record<string, Value>> = {
  id: column('id'),
  username: column('username'),
  image_url: (member) => `http://images.lab.test/avatar/${member.id}.png`,
  is_profile_private: flag('is_private'),
  tags: (member) => (member.tag === null ? [] : [tagName(member.tag)]),
  relationship: relationTo,
  authed_user_follows: (member, { store, principal }) =>
    principal?.member !== undefined && store.follow(member.key, principal.member.key) === 'following',
  location: column('location'),
  last_workout_at: (member, { store }) => store.workoutsOf(member.key, { limit: 1, offset: 0 })[0]?.created_at ?? null,
  streaks: (member, { store }) => ({ current_weekly: seededHash(store.seed, member.key, 51) % 30 }),
  workout_counts: (member, { store }) => [{ name: 'Cycling', count: store.workoutCount(member.key) }],
  achievements: (member, { store }) => [{ name: `Badge-${seededHash(store.seed, member.key, 52) % 400}` }],
  personal_records: (member, { store }) => [
    { name: '20 min', value: 1 + (seededHash(store.seed, member.key, 53) % 900) },
  ],
  total_followers: (member, { store }) => store.followCounts(member.key).followers,
  total_following: (member, { store }) => store.followCounts(member.key).following,
  total_pending_followers: (member, { store }) => store.followCounts(member.key).pending,
  total_workouts: (member, { store }) => store.workoutCount(member.key),
  age: column('age'),
  age_range: (member) => `${member.age - (member.age % 10)}s`,
  gender: column('gender'),
  calendar: (member, { store }) =>
    store.workoutsOf(member.key, { limit: 12, offset: 0 }).map(({ created_at }) => ({
      month: new Date(created_at * 1000).toISOString().slice(0, 7),
      active_days: [new Date(created_at * 1000).getUTCDate()],
    })),
  current_challenges: (member, { store }) => [{ id: hexId(store.seed, 57, member.key), name: 'January Hundred' }],
  class_stack: (member) => (extraOf(member)['stack'] ?? []) as Tree,
  weight: column('weight'),
  height: column('height'),
  birthday: secret('birthday'),
  email: secret('email'),
  obfuscated_email: (member) => `${member.username.slice(0, 1)}***@mail.cadence.test`,
  heart_rate_zones: (member) => [0.65, 0.75, 0.85, 0.95].map((part) => Math.round((220 - member.age) * part)),
  phone_number: secret('phone_number'),
  first_name: secret('first_name'),
  last_name: secret('last_name'),
  card_expires_at: secret('card_expires_at'),
  facebook_id: secret('facebook_id'),
  facebook_access_token: secret('facebook_access_token'),
  password_hash: secret('password_hash'),
  paired_devices: (member, { store }) => [
    {
      name: 'Cadence Bike',
      serial_number: secretsOf(store.seed, member).serial_number,
    },
  ],
  cycling_ftp: chance(54, 90, 250),
  default_max_heart_rate: (member) => 220 - member.age,
  member_groups: () => ['free'],
  contract_agreements: (member, { store }) => [{ id: hexId(store.seed, 55, member.key), agreed: true }],
  is_strava_authenticated: (member, { store }) => seededHash(store.seed, member.key, 56) % 2 === 0,
  created_country: (member) => (member.region === 0 ? 'US' : 'GB'),
};

/** The value of one field of a member; a value that was changed replaces the generated one. */
export function userValue(member: Member, field: string, source: ValueSource): Tree {
  const changed = extraOf(member)[field];
  if (changed !== undefined) return changed as Tree;
  const value = USER_VALUES[field];
  if (value === undefined) throw new Error(`the lab has no value for User.${field}`);
  return value(member, source);
}

/** `true`: others may see the value. */
const SETTINGS_VALUES: Readonly<Record<string, (member: Member) => Tree>> = {
  user_id: (member) => member.id,
  is_profile_private: (member) => member.is_private === 1,
  age: (member) => member.hides_age === 0,
  gender: (member) => member.hides_gender === 0,
  weight: () => false,
  height: () => false,
  bmi: () => false,
  workout_maps_private: (member) => member.maps_private === 1,
  share_music_profile: () => false,
  hide_from_search: (member) => member.hidden_from_search === 1,
};

export function settingValue(member: Member, field: string): Tree {
  const value = SETTINGS_VALUES[field];
  if (value === undefined) throw new Error(`the lab has no value for Settings.${field}`);
  return value(member);
}
