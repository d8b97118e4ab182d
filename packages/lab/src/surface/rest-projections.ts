import { POLICY, type ResourceName } from '../rules/policy.ts';
import { sameNames, type Projection } from './operation.ts';

const MINI = sameNames('id username image_url location is_profile_private');
const RELATION = sameNames('relationship authed_user_follows');
const COUNTS = sameNames('total_followers total_following total_workouts');

const projection = (at: string, resource: ResourceName, fields: Projection['fields']): Projection => ({
  at,
  resource,
  fields,
});
const inside = (within: readonly ResourceName[], inner: Projection): Projection => ({ ...inner, within });
/** Every field of a resource; `wire` gives its name in the body. */
const whole = (resource: ResourceName, wire: (field: string) => string = (field) => field): Projection['fields'] =>
  Object.fromEntries(Object.keys(POLICY[resource].fields).map((field) => [wire(field), field]));

/** `GET /api/user/{id}`: the profile page. */
export const PROFILE = projection('', 'User', {
  ...MINI,
  ...RELATION,
  ...COUNTS,
  ...sameNames('total_pending_followers last_workout_at workout_counts streaks tags'),
});
/** `GET /api/me`: all data of the caller, more than any screen needs. */
export const ME = projection('', 'User', {
  ...MINI,
  ...COUNTS,
  ...sameNames('email obfuscated_email first_name last_name phone_number birthday age gender weight height'),
  ...sameNames('paired_devices card_expires_at facebook_id facebook_access_token cycling_ftp default_max_heart_rate'),
  ...sameNames('heart_rate_zones member_groups contract_agreements is_strava_authenticated created_country'),
});
/** `GET /v1/user/{id}`: the row of the table as it is. */
export const OLD_PROFILE = projection('', 'User', {
  ...MINI,
  ...sameNames('email phone_number birthday age gender weight height first_name last_name'),
  ...sameNames('password_hash facebook_access_token total_workouts'),
});
export const ADMIN_VIEW = projection('', 'User', {
  ...MINI,
  ...sameNames('email phone_number total_workouts total_followers last_workout_at member_groups'),
});
export const SETTINGS = projection(
  '',
  'Settings',
  whole('Settings', (field) => (field === 'user_id' ? field : `privacy.${field}`)),
);
export const SEARCH_ROW = projection('data/*', 'User', { ...MINI, ...RELATION, ...sameNames('total_followers') });
export const PERSON_ROW = projection('data/*', 'User', { ...MINI, ...RELATION });
/** The lists of followers and of followed members belong to the member whose lists they are, whoever is in them. */
export const FOLLOWER_LIST = projection('', 'FollowerList', { data: 'followers' });
export const FOLLOWING_LIST = projection('', 'FollowingList', { data: 'following' });

/** Pages about one user, with one kind of data each. */
export const CALENDAR = projection('', 'User', { user_id: 'id', months: 'calendar' });
export const ACHIEVEMENTS = projection('', 'User', { user_id: 'id', data: 'achievements' });
export const OVERVIEW = projection('', 'User', {
  user_id: 'id',
  ...sameNames('personal_records streaks total_workouts achievements'),
});
export const CHALLENGES_OF_USER = projection('', 'User', { user_id: 'id', challenges: 'current_challenges' });

const WORKOUT_BASE = sameNames(
  'id created_at start_time fitness_discipline status cadence_id ride_id instructor_id total_work leaderboard_rank is_in_studio',
);
export const STATS_ROW = projection('data/*', 'Workout', WORKOUT_BASE);
/** As in the incident: the member whose workout it is, with age, gender and weight. */
export const STATS_USER = inside(
  ['Workout'],
  projection(
    'data/*/user',
    'User',
    sameNames('id username age age_range gender weight location is_profile_private tags'),
  ),
);
export const WORKOUT_LIST = projection('', 'WorkoutList', sameNames('total'));
export const WORKOUT_ROW = inside(
  ['WorkoutList'],
  projection('data/*', 'Workout', { ...WORKOUT_BASE, ...sameNames('user_id') }),
);
/** What `joins=user` adds to every row: an expansion must not release more than the user's own page. */
export const JOINED_USER = inside(
  ['WorkoutList', 'Workout'],
  projection('data/*/user', 'User', { ...MINI, ...sameNames('age gender weight') }),
);
/** The detail shows more than the list. */
export const WORKOUT_DETAIL = projection('', 'Workout', {
  ...WORKOUT_BASE,
  ...sameNames('user_id ftp_info achievement_templates average_effort_score strava_id fitbit_id timezone device_type'),
});
export const GRAPH = projection(
  '',
  'PerformanceGraph',
  whole('PerformanceGraph', (field) => (field === 'coordinates' ? 'location_data' : field)),
);
/** A row of a leaderboard; it keeps its rank if the rider is withheld. */
export const LEADERBOARD_WORKOUT = projection('data/*/workout', 'Workout', sameNames('id user_id total_work'));
export const LEADERBOARD_USER = inside(
  ['Workout'],
  projection('data/*/user', 'User', sameNames('id username image_url location age_range gender')),
);
export const FRIEND_ROW = projection('data/*', 'Workout', sameNames('id user_id created_at total_work'));

export const ORG_MEMBER_ROW = projection('data/*', 'OrgMember', whole('OrgMember'));
export const PROGRAMME_ROW = projection('data/*', 'ProgrammeEntry', whole('ProgrammeEntry'));
export const CHALLENGE_ROW = projection('data/*', 'Challenge', whole('Challenge'));

export const INSTRUCTOR_ROW = projection('data/*', 'Instructor', whole('Instructor'));
export const INSTRUCTOR = projection('', 'Instructor', whole('Instructor'));
export const RIDE = projection('', 'Ride', whole('Ride'));
export const RIDE_ROW = projection('data/*', 'Ride', whole('Ride'));
