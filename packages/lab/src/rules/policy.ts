import type { Relation, Relationship, State } from './relationship.ts';

/** Who may see something: the relations in `see`, and for every state that holds for the owner only those in `narrow[state]`. */
export interface Rule {
  readonly see: readonly Relation[];
  readonly narrow?: Readonly<Partial<Record<State, readonly Relation[]>>>;
}

export interface Resource {
  /** Who may know that the object exists. */
  readonly object: Rule;
  readonly fields: Readonly<Record<string, Rule>>;
}

/** Relations that may see a private profile, or that of a minor. */
const ACCEPTED = ['self', 'follower', 'guardian', 'support'] as const satisfies readonly Relation[];
const PRIVATE_PROFILE = { private: ACCEPTED, minor: ACCEPTED } as const;

const PUBLIC: Rule = { see: ['anyone'] };
const ANY_MEMBER: Rule = { see: ['member'] };
const SOCIAL: Rule = { see: ['member'], narrow: PRIVATE_PROFILE };
const AGE: Rule = { see: ['member'], narrow: { ...PRIVATE_PROFILE, hides_age: ['self'] } };
const GENDER: Rule = { see: ['member'], narrow: { ...PRIVATE_PROFILE, hides_gender: ['self'] } };
const TRACK: Rule = { see: ['self', 'follower', 'guardian'], narrow: { maps_private: ['self'] } };
const OWN: Rule = { see: ['self'] };
const NEVER: Rule = { see: [] };
const ROSTER: Rule = { see: ['self', 'org_admin'] };
const COACHED: Rule = { see: ['self', 'coach'] };
const COLLEAGUES: Rule = { see: ['colleague'] };
const ORG_ADMIN: Rule = { see: ['org_admin'] };

const all = (rule: Rule, names: string): Record<string, Rule> =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));

/**
 * The authorization policy that Cadence promised its members, and the only place where the lab states it. The server obeys it in
 * the stage `sealed`, and the oracle is computed from it without any other package.
 */
export const POLICY = {
  User: {
    object: ANY_MEMBER,
    fields: {
      ...all(ANY_MEMBER, 'id username image_url is_profile_private tags relationship authed_user_follows'),
      ...all(SOCIAL, 'location last_workout_at streaks workout_counts achievements personal_records calendar'),
      ...all(SOCIAL, 'total_followers total_following total_workouts total_pending_followers current_challenges'),
      ...all(AGE, 'age age_range'),
      gender: GENDER,
      ...all(OWN, 'weight height birthday email obfuscated_email phone_number first_name last_name paired_devices'),
      ...all(OWN, 'card_expires_at facebook_id cycling_ftp default_max_heart_rate heart_rate_zones member_groups'),
      ...all(OWN, 'contract_agreements is_strava_authenticated created_country class_stack'),
      ...all(NEVER, 'password_hash facebook_access_token'),
    },
  },
  Settings: {
    object: OWN,
    fields: all(
      OWN,
      'user_id is_profile_private age gender weight height bmi workout_maps_private hide_from_search share_music_profile',
    ),
  },
  Workout: {
    object: SOCIAL,
    fields: {
      ...all(SOCIAL, 'id user_id created_at start_time fitness_discipline status cadence_id ride_id instructor_id'),
      ...all(SOCIAL, 'total_work leaderboard_rank is_in_studio device_type timezone achievement_templates'),
      ...all(SOCIAL, 'average_effort_score'),
      ...all(OWN, 'ftp_info strava_id fitbit_id'),
    },
  },
  PerformanceGraph: {
    object: SOCIAL,
    fields: {
      ...all(SOCIAL, 'workout_id user_id duration metrics effort_zones splits'),
      heart_rate: OWN,
      coordinates: TRACK,
    },
  },
  WorkoutList: { object: SOCIAL, fields: all(SOCIAL, 'total') },
  FollowerList: { object: SOCIAL, fields: all(SOCIAL, 'followers') },
  FollowingList: { object: SOCIAL, fields: all(SOCIAL, 'following') },
  /** A member as shown to the administrator of their employer. */
  OrgMember: { object: ROSTER, fields: all(ROSTER, 'id username') },
  /** A member as shown to the coach of the programme they joined. */
  ProgrammeEntry: { object: COACHED, fields: all(COACHED, 'id username total_workouts total_work') },
  /** Business data beside consumer data: owned by an organisation. */
  Challenge: {
    object: COLLEAGUES,
    fields: { ...all(COLLEAGUES, 'id org title target_workouts'), ...all(ORG_ADMIN, 'budget contact_email') },
  },
  Instructor: { object: PUBLIC, fields: all(PUBLIC, 'id user_id name bio image_url') },
  Ride: { object: PUBLIC, fields: all(PUBLIC, 'id title fitness_discipline instructor_id') },
} as const satisfies Record<string, Resource>;

export type ResourceName = keyof typeof POLICY;

/** A member hidden from search is found only by themselves and their followers, and still readable by id. */
export const FINDABLE: Rule = { see: ['member'], narrow: { hidden_from_search: ['self', 'follower'] } };
/** Operations for support staff only. */
export const FOR_SUPPORT: Rule = { see: ['support'] };

/** Who may write what. `never`: no client may. */
export const WRITE_RULES = {
  own: OWN,
  never: NEVER,
  support: FOR_SUPPORT,
  orgAdmin: ORG_ADMIN,
  /** Becoming a follower without approval: impossible for a private profile. */
  followAtOnce: { see: ['member'], narrow: { private: [], minor: [] } },
} as const satisfies Record<string, Rule>;

/** The rule of one field. A field without a rule is a defect of the lab, found by its coverage test. */
export function ruleOf(resource: ResourceName, field: string): Rule {
  const fields: Readonly<Record<string, Rule>> = POLICY[resource].fields;
  const rule = fields[field];
  if (rule === undefined) throw new Error(`the lab has no rule for ${resource}.${field}`);
  return rule;
}

/** Whether `rule` allows the caller, given the owner's states. Nothing of a deleted member is visible to anyone. */
export function isAllowed(rule: Rule, relationship: Relationship, states: ReadonlySet<State>): boolean {
  if (states.has('deleted')) return false;
  if (!rule.see.some((relation) => relationship.relations.has(relation))) return false;
  for (const state of states) {
    const only = rule.narrow?.[state];
    if (only !== undefined && !only.some((relation) => relationship.relations.has(relation))) return false;
  }
  return true;
}
