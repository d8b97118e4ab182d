import { FINDABLE, FOR_SUPPORT, WRITE_RULES } from '../rules/policy.ts';
import type { OperationWrite, Operation } from './operation.ts';
import * as projections from './rest-projections.ts';

const operation = (name: string, more: Partial<Operation>): Operation => ({
  name,
  protocol: 'rest',
  by: 'member',
  channels: ['web'],
  about: 'any',
  projections: [],
  ...more,
});
const DECOY = { by: 'anyone', about: 'none' } as const;
const decoy = (name: string, ...shown: Operation['projections']): Operation =>
  operation(name, { ...DECOY, projections: shown });
const reads = (name: string, ...shown: Operation['projections']): Operation => operation(name, { projections: shown });

/** Writes stay with the owner in every stage that only opens reads. */
const writes = (name: string, write: OperationWrite, more: Partial<Operation> = {}): Operation =>
  operation(name, { ownerOnly: true, write, ...more });

const { own, never, support, orgAdmin, followAtOnce } = WRITE_RULES;
const PAGED = { queryParameters: ['limit', 'page'] } as const;
const APPS = ['web', 'mobile'] as const;

/** Every REST operation, on both regional hosts. */
export const REST_OPERATIONS: readonly Operation[] = [
  decoy('POST /auth/login'),
  decoy('POST /auth/signup'),

  operation('GET /api/me', {
    about: 'self',
    ownerOnly: true,
    channels: ['web', 'device'],
    projections: [projections.ME],
  }),
  operation('GET /api/user/{id}/settings', { ownerOnly: true, projections: [projections.SETTINGS] }),
  writes('PUT /api/user/{id}/settings', {
    resource: 'Settings',
    fields: { is_profile_private: own, age: own, gender: own, workout_maps_private: own, hide_from_search: own },
  }),
  writes('PUT /api/user/{id}', {
    resource: 'User',
    fields: { location: own, weight: own, gender: own, member_groups: never, created_country: never },
  }),

  operation('GET /api/user/search', {
    queryParameters: ['user_query', 'limit'],
    projections: [projections.SEARCH_ROW],
    extraRule: FINDABLE,
  }),
  operation('GET /api/user/search/{query}', {
    queryParameters: ['limit'],
    projections: [projections.SEARCH_ROW],
    extraRule: FINDABLE,
  }),
  operation('GET /api/user/{id}', { projections: [projections.PROFILE], channels: APPS }),
  operation('GET /api/user/{id}/workouts', {
    queryParameters: ['limit', 'page', 'joins', 'sort_by', 'from', 'to'],
    projections: [projections.WORKOUT_LIST, projections.WORKOUT_ROW, projections.JOINED_USER],
  }),
  operation('GET /api/user/{id}/followers', {
    ...PAGED,
    projections: [projections.FOLLOWER_LIST, projections.PERSON_ROW],
  }),
  operation('GET /api/user/{id}/following', {
    ...PAGED,
    projections: [projections.FOLLOWING_LIST, projections.PERSON_ROW],
  }),
  reads('GET /api/user/{id}/calendar', projections.CALENDAR),
  reads('GET /api/user/{id}/achievements', projections.ACHIEVEMENTS),
  operation('GET /api/user/{id}/overview', { queryParameters: ['version'], projections: [projections.OVERVIEW] }),
  reads('GET /api/user/{id}/challenges/current', projections.CHALLENGES_OF_USER),
  writes('POST /api/user/change_relationship', {
    resource: 'FollowerList',
    fields: { followers: followAtOnce },
    notObservableFor: ['self', 'follower', 'support'],
  }),

  operation('GET /api/workout/{id}', { projections: [projections.WORKOUT_DETAIL], channels: APPS }),
  operation('GET /api/workout/{id}/performance_graph', {
    queryParameters: ['every_n'],
    projections: [projections.GRAPH],
    channels: ['web', 'device'],
  }),
  writes('DELETE /api/workout/{id}', { resource: 'Workout', fields: { '': own } }),
  operation('POST /stats/workouts/details', {
    projections: [projections.STATS_ROW, projections.STATS_USER],
    channels: APPS,
  }),
  operation('GET /api/ride/{id}/leaderboard', {
    queryParameters: ['limit', 'page', 'filter'],
    projections: [projections.LEADERBOARD_WORKOUT, projections.LEADERBOARD_USER],
  }),
  operation('GET /api/ride/{id}/recent_following_workouts', {
    ...PAGED,
    about: 'follows',
    projections: [projections.FRIEND_ROW],
  }),
  operation('POST /api/ride/{id}/reservation', { about: 'none', ownerOnly: true }),

  operation('GET /api/organization/{org}/members', { about: 'employees', projections: [projections.ORG_MEMBER_ROW] }),
  operation('GET /api/organization/{org}/programme', { about: 'employees', projections: [projections.PROGRAMME_ROW] }),
  operation('GET /api/organization/{org}/challenges', { about: 'org', projections: [projections.CHALLENGE_ROW] }),
  writes(
    'POST /api/organization/{org}/challenges',
    { resource: 'Challenge', fields: { title: orgAdmin } },
    { about: 'org' },
  ),

  reads('GET /v1/user/{id}', projections.OLD_PROFILE),
  operation('GET /admin/user/{id}', { extraRule: FOR_SUPPORT, projections: [projections.ADMIN_VIEW] }),
  writes('POST /admin/user/{id}/suspend', { resource: 'User', fields: { suspended: support } }),

  decoy('GET /api/instructor', projections.INSTRUCTOR_ROW),
  decoy('GET /api/instructor/{id}', projections.INSTRUCTOR),
  decoy('GET /api/ride/metadata_mappings'),
  decoy('GET /api/ride/{id}/details', projections.RIDE),
  operation('GET /api/v2/ride/archived', {
    ...DECOY,
    queryParameters: ['browse_category'],
    projections: [projections.RIDE_ROW],
  }),
  operation('GET /api/v3/ride/live', {
    ...DECOY,
    queryParameters: ['start', 'end'],
    projections: [projections.RIDE_ROW],
  }),
  decoy('GET /health'),
  decoy('GET /.well-known/jwks.json'),
  decoy('GET /.well-known/security.txt'),
];
