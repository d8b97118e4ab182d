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

const all = (rule: Rule, ...names: readonly string[]): Record<string, Rule> =>
  Object.fromEntries(names.map((name) => [name, rule]));

/**
 * What Cadence's members were promised: the lab's only statement of who is meant to see whose what. The server in its sealed
 * stage obeys it, the oracle is computed from it, and nothing of the product is asked.
 */
export const MEANING = {
  User: {
    object: KNOWN,
    fields: {
      ...all(KNOWN, 'id', 'username', 'image_url', 'is_profile_private', 'tags', 'relationship', 'authed_user_follows'),
      ...all(SOCIAL, 'location', 'last_workout_at', 'streaks', 'workout_counts', 'achievements', 'personal_records'),
      ...all(SOCIAL, 'total_followers', 'total_following', 'total_workouts', 'total_pending_followers'),
      ...all(AGE, 'age', 'age_range'),
      gender: GENDER,
      ...all(OWN, 'weight', 'height', 'birthday', 'email', 'phone_number', 'first_name', 'last_name'),
      ...all(OWN, 'paired_devices', 'card_expires_at', 'facebook_id', 'cycling_ftp', 'default_max_heart_rate'),
      ...all(OWN, 'member_groups', 'contract_agreements', 'is_strava_authenticated', 'created_country'),
      ...all(NEVER, 'password_hash', 'facebook_access_token'),
    },
  },
  Settings: {
    object: OWN,
    fields: all(
      OWN,
      'user_id',
      'is_profile_private',
      'age',
      'gender',
      'weight',
      'height',
      'bmi',
      'workout_maps_private',
      'hide_from_search',
    ),
  },
  Workout: {
    object: SOCIAL,
    fields: {
      ...all(
        SOCIAL,
        'id',
        'user_id',
        'created_at',
        'start_time',
        'fitness_discipline',
        'status',
        'cadence_id',
        'ride_id',
      ),
      ...all(SOCIAL, 'instructor_id', 'total_work', 'leaderboard_rank', 'is_in_studio', 'device_type', 'timezone'),
      ...all(SOCIAL, 'achievement_templates', 'average_effort_score'),
      ...all(OWN, 'ftp_info', 'strava_id', 'fitbit_id'),
    },
  },
  WorkoutList: { object: SOCIAL, fields: all(SOCIAL, 'total') },
  FollowerList: { object: SOCIAL, fields: all(SOCIAL, 'followers') },
  Instructor: { object: PUBLIC, fields: all(PUBLIC, 'id', 'user_id', 'name', 'bio', 'image_url') },
  Ride: { object: PUBLIC, fields: all(PUBLIC, 'id', 'title', 'fitness_discipline', 'instructor_id') },
} as const satisfies Record<string, Resource>;

export type ResourceName = keyof typeof MEANING;
export { CIRCLE, OWN, TRACK };

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
