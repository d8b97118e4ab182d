import type { Relation, Standing, State } from './standing.ts';

/** Who is meant to see one thing: those in `see`, and for every state that holds for the owner only those in `narrow[state]`. */
export interface Rule {
  readonly see: readonly Relation[];
  readonly narrow?: Readonly<Partial<Record<State, readonly Relation[]>>>;
}

export interface Resource {
  /** Who may know that the object exists. */
  readonly object: Rule;
  readonly fields: Readonly<Record<string, Rule>>;
}

/** Those whom the owner of a private profile let in. A guardian stands beside the followers of a minor. */
const CIRCLE = ['self', 'follower', 'guardian', 'support'] as const satisfies readonly Relation[];
const BEHIND_PROFILE = { private: CIRCLE, minor: CIRCLE } as const;

const PUBLIC: Rule = { see: ['anyone'] };
const KNOWN: Rule = { see: ['member'] };
const SOCIAL: Rule = { see: ['member'], narrow: BEHIND_PROFILE };
const AGE: Rule = { see: ['member'], narrow: { ...BEHIND_PROFILE, hides_age: ['self'] } };
const GENDER: Rule = { see: ['member'], narrow: { ...BEHIND_PROFILE, hides_gender: ['self'] } };
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
 * What Cadence's members were promised: the lab's only statement of who is meant to see whose what. The server in its sealed
 * stage obeys it, the oracle is computed from it, and nothing of the product is asked.
 */
export const MEANING = {
  User: {
    object: KNOWN,
    fields: {
      ...all(KNOWN, 'id username image_url is_profile_private tags relationship authed_user_follows'),
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
  /** A member as their employer's administrator knows them. */
  OrgMember: { object: ROSTER, fields: all(ROSTER, 'id username') },
  /** A member as the coach of the programme they joined knows them. */
  ProgrammeEntry: { object: COACHED, fields: all(COACHED, 'id username total_workouts total_work') },
  /** Business data beside consumer data: owned by an organisation. */
  Challenge: {
    object: COLLEAGUES,
    fields: { ...all(COLLEAGUES, 'id org title target_workouts'), ...all(ORG_ADMIN, 'budget contact_email') },
  },
  Instructor: { object: PUBLIC, fields: all(PUBLIC, 'id user_id name bio image_url') },
  Ride: { object: PUBLIC, fields: all(PUBLIC, 'id title fitness_discipline instructor_id') },
} as const satisfies Record<string, Resource>;

export type ResourceName = keyof typeof MEANING;

/** Being hidden from search: still readable by id, found only by oneself and one's followers. */
export const FINDABLE: Rule = { see: ['member'], narrow: { hidden_from_search: ['self', 'follower'] } };
/** What support staff alone may use. */
export const FOR_SUPPORT: Rule = { see: ['support'] };

/** Who is meant to change what, by the operation's own words. Nobody may through the API what is `NEVER`. */
export const MAY_CHANGE = {
  own: OWN,
  never: NEVER,
  support: FOR_SUPPORT,
  orgAdmin: ORG_ADMIN,
  /** To become a follower at once: of a private profile nobody may, its owner has to approve. */
  followAtOnce: { see: ['member'], narrow: { private: [], minor: [] } },
} as const satisfies Record<string, Rule>;

/** The rule of one field; a field that has no rule is a mistake in the lab, found by its coverage test. */
export function ruleOf(resource: ResourceName, field: string): Rule {
  const fields: Readonly<Record<string, Rule>> = MEANING[resource].fields;
  const rule = fields[field];
  if (rule === undefined) throw new Error(`the lab has no rule for ${resource}.${field}`);
  return rule;
}

/** Whether a rule lets this caller see what belongs to an owner in these states. Nobody sees anything of a deleted member. */
export function isMeant(rule: Rule, standing: Standing, states: ReadonlySet<State>): boolean {
  if (states.has('deleted')) return false;
  if (!rule.see.some((relation) => standing.relations.has(relation))) return false;
  for (const state of states) {
    const only = rule.narrow?.[state];
    if (only !== undefined && !only.some((relation) => standing.relations.has(relation))) return false;
  }
  return true;
}
