import { MEANING } from '../rules/meaning.ts';
import { same, type Sight } from './door.ts';

const RELATION_FIELDS = same('relationship', 'authed_user_follows');
const MINI = same('id', 'username', 'image_url', 'location', 'is_profile_private');
const COUNTS = same('total_followers', 'total_following', 'total_workouts');

/** `GET /api/user/{id}`: the profile page. */
export const PROFILE: Sight = {
  at: '',
  resource: 'User',
  fields: {
    ...MINI,
    ...RELATION_FIELDS,
    ...COUNTS,
    ...same('total_pending_followers', 'last_workout_at', 'workout_counts', 'streaks', 'tags'),
  },
};

/** `GET /api/me`: everything of oneself, more than any screen needs. */
export const ME: Sight = {
  at: '',
  resource: 'User',
  fields: {
    ...MINI,
    ...COUNTS,
    ...same('email', 'first_name', 'last_name', 'phone_number', 'birthday', 'age', 'gender', 'weight', 'height'),
    ...same('paired_devices', 'card_expires_at', 'facebook_id', 'facebook_access_token', 'cycling_ftp'),
    ...same(
      'default_max_heart_rate',
      'member_groups',
      'contract_agreements',
      'is_strava_authenticated',
      'created_country',
    ),
  },
};

export const SETTINGS: Sight = {
  at: '',
  resource: 'Settings',
  fields: Object.fromEntries(
    Object.keys(MEANING.Settings.fields).map((name) => [name === 'user_id' ? name : `privacy.${name}`, name]),
  ),
};

export const SEARCH_ROW: Sight = {
  at: 'data/*',
  resource: 'User',
  fields: { ...MINI, ...RELATION_FIELDS, ...same('total_followers') },
};

export const FOLLOWER_ROW: Sight = { at: 'data/*', resource: 'User', fields: { ...MINI, ...RELATION_FIELDS } };
/** Who follows X is X's own: the list itself, whoever is on it. */
export const FOLLOWER_LIST: Sight = { at: '', resource: 'FollowerList', fields: { data: 'followers' } };

const WORKOUT_BASE = {
  ...same('id', 'created_at', 'start_time', 'fitness_discipline', 'status', 'cadence_id', 'ride_id', 'instructor_id'),
  ...same('total_work', 'leaderboard_rank', 'is_in_studio'),
};
export const STATS_ROW: Sight = { at: 'data/*', resource: 'Workout', fields: WORKOUT_BASE };
/** The incident's own: whose workout it was, with age, gender and weight. */
export const STATS_USER: Sight = {
  at: 'data/*/user',
  resource: 'User',
  within: ['Workout'],
  fields: same('id', 'username', 'age', 'age_range', 'gender', 'weight', 'location', 'is_profile_private', 'tags'),
};

export const WORKOUT_LIST: Sight = { at: '', resource: 'WorkoutList', fields: same('total') };
export const WORKOUT_ROW: Sight = {
  at: 'data/*',
  resource: 'Workout',
  within: ['WorkoutList'],
  fields: { ...WORKOUT_BASE, ...same('user_id') },
};
/** The detail shows more than the list. */
export const WORKOUT_DETAIL: Sight = {
  at: '',
  resource: 'Workout',
  fields: {
    ...WORKOUT_BASE,
    ...same('user_id', 'ftp_info', 'achievement_templates', 'average_effort_score', 'strava_id', 'fitbit_id'),
    ...same('timezone', 'device_type'),
  },
};

export const INSTRUCTOR_ROW: Sight = {
  at: 'data/*',
  resource: 'Instructor',
  fields: same('id', 'user_id', 'name', 'bio', 'image_url'),
};
