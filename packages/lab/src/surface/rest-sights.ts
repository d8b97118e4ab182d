import { MEANING, type ResourceName } from '../rules/meaning.ts';
import { same, type Sight } from './door.ts';

const MINI = same('id username image_url location is_profile_private');
const RELATION = same('relationship authed_user_follows');
const COUNTS = same('total_followers total_following total_workouts');

const sight = (at: string, resource: ResourceName, fields: Sight['fields'], more: Partial<Sight> = {}): Sight => ({
  at,
  resource,
  fields,
  ...more,
});
/** Every field of a resource, by its own name but for those that `wire` renames. */
const whole = (resource: ResourceName, wire: (field: string) => string = (field) => field): Sight['fields'] =>
  Object.fromEntries(Object.keys(MEANING[resource].fields).map((field) => [wire(field), field]));

/** `GET /api/user/{id}`: the profile page. */
export const PROFILE = sight('', 'User', {
  ...MINI,
  ...RELATION,
  ...COUNTS,
  ...same('total_pending_followers last_workout_at workout_counts streaks tags'),
});
/** `GET /api/me`: everything of oneself, more than any screen needs. */
export const ME = sight('', 'User', {
  ...MINI,
  ...COUNTS,
  ...same('email obfuscated_email first_name last_name phone_number birthday age gender weight height'),
  ...same('paired_devices card_expires_at facebook_id facebook_access_token cycling_ftp default_max_heart_rate'),
  ...same('heart_rate_zones member_groups contract_agreements is_strava_authenticated created_country'),
});
/** `GET /v1/user/{id}`: the row as it lies in the table. */
export const OLD_PROFILE = sight('', 'User', {
  ...MINI,
  ...same('email phone_number birthday age gender weight height first_name last_name'),
  ...same('password_hash facebook_access_token total_workouts'),
});
export const ADMIN_VIEW = sight('', 'User', {
  ...MINI,
  ...same('email phone_number total_workouts total_followers last_workout_at member_groups'),
});
export const SETTINGS = sight(
  '',
  'Settings',
  whole('Settings', (field) => (field === 'user_id' ? field : `privacy.${field}`)),
);
export const SEARCH_ROW = sight('data/*', 'User', { ...MINI, ...RELATION, ...same('total_followers') });
export const PERSON_ROW = sight('data/*', 'User', { ...MINI, ...RELATION });
/** Who follows X, and whom X follows, is X's own: the list itself, whoever is on it. */
export const FOLLOWER_LIST = sight('', 'FollowerList', { data: 'followers' });
export const FOLLOWING_LIST = sight('', 'FollowingList', { data: 'following' });

/** Pages about one user that show one thing each. */
export const CALENDAR = sight('', 'User', { user_id: 'id', months: 'calendar' });
export const ACHIEVEMENTS = sight('', 'User', { user_id: 'id', data: 'achievements' });
export const OVERVIEW = sight('', 'User', {
  user_id: 'id',
  ...same('personal_records streaks total_workouts achievements'),
});
export const CHALLENGES_OF_USER = sight('', 'User', { user_id: 'id', challenges: 'current_challenges' });

const WORKOUT_BASE = same(
  'id created_at start_time fitness_discipline status cadence_id ride_id instructor_id total_work leaderboard_rank is_in_studio',
);
export const STATS_ROW = sight('data/*', 'Workout', WORKOUT_BASE);
/** The incident's own: whose workout it was, with age, gender and weight. */
export const STATS_USER = sight(
  'data/*/user',
  'User',
  same('id username age age_range gender weight location is_profile_private tags'),
  { within: ['Workout'] },
);
export const WORKOUT_LIST = sight('', 'WorkoutList', same('total'));
export const WORKOUT_ROW = sight(
  'data/*',
  'Workout',
  { ...WORKOUT_BASE, ...same('user_id') },
  { within: ['WorkoutList'] },
);
/** What `joins=user` adds to every row: an expansion that must not widen. */
export const JOINED_USER = sight(
  'data/*/user',
  'User',
  { ...MINI, ...same('age gender weight') },
  {
    within: ['WorkoutList', 'Workout'],
  },
);
/** The detail shows more than the list. */
export const WORKOUT_DETAIL = sight('', 'Workout', {
  ...WORKOUT_BASE,
  ...same('user_id ftp_info achievement_templates average_effort_score strava_id fitbit_id timezone device_type'),
});
export const GRAPH = sight(
  '',
  'PerformanceGraph',
  whole('PerformanceGraph', (field) => (field === 'coordinates' ? 'location_data' : field)),
);
/** A row of a ride's leaderboard keeps its rank where the rider is withheld. */
export const STANDING_EFFORT = sight('data/*/workout', 'Workout', same('id user_id total_work'));
export const STANDING_USER = sight('data/*/user', 'User', same('id username image_url location age_range gender'), {
  within: ['Workout'],
});
export const FRIEND_ROW = sight('data/*', 'Workout', same('id user_id created_at total_work'));

export const ORG_MEMBER_ROW = sight('data/*', 'OrgMember', whole('OrgMember'));
export const PROGRAMME_ROW = sight('data/*', 'ProgrammeEntry', whole('ProgrammeEntry'));
export const CHALLENGE_ROW = sight('data/*', 'Challenge', whole('Challenge'));

export const INSTRUCTOR_ROW = sight('data/*', 'Instructor', whole('Instructor'));
export const INSTRUCTOR = sight('', 'Instructor', whole('Instructor'));
export const RIDE = sight('', 'Ride', whole('Ride'));
export const RIDE_ROW = sight('data/*', 'Ride', whole('Ride'));
