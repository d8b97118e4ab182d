import { FINDABLE, FOR_SUPPORT, MAY_CHANGE } from '../rules/meaning.ts';
import type { Change, Door } from './door.ts';
import * as sights from './rest-sights.ts';

const door = (operation: string, more: Partial<Door>): Door => ({
  operation,
  protocol: 'rest',
  by: 'member',
  channels: ['web'],
  about: 'any',
  sights: [],
  ...more,
});
const DECOY = { by: 'anyone', about: 'none' } as const;
const decoy = (operation: string, ...shown: Door['sights']): Door => door(operation, { ...DECOY, sights: shown });
const shows = (operation: string, ...shown: Door['sights']): Door => door(operation, { sights: shown });

/** Writes are the owner's own doors: reads may be open to all while these are not. */
const changes = (operation: string, change: Change, more: Partial<Door> = {}): Door =>
  door(operation, { control: true, change, ...more });

const { own, never, support, orgAdmin, followAtOnce } = MAY_CHANGE;
const PAGED = { takes: ['limit', 'page'] } as const;
const APPS = ['web', 'mobile'] as const;

/** Every REST operation, on both regional hosts. */
export const REST_DOORS: readonly Door[] = [
  decoy('POST /auth/login'),
  decoy('POST /auth/signup'),

  door('GET /api/me', { about: 'self', control: true, channels: ['web', 'device'], sights: [sights.ME] }),
  door('GET /api/user/{id}/settings', { control: true, sights: [sights.SETTINGS] }),
  changes('PUT /api/user/{id}/settings', {
    resource: 'Settings',
    fields: { is_profile_private: own, age: own, gender: own, workout_maps_private: own, hide_from_search: own },
  }),
  changes('PUT /api/user/{id}', {
    resource: 'User',
    fields: { location: own, weight: own, gender: own, member_groups: never, created_country: never },
  }),

  door('GET /api/user/search', { takes: ['user_query', 'limit'], sights: [sights.SEARCH_ROW], also: FINDABLE }),
  door('GET /api/user/search/{query}', { takes: ['limit'], sights: [sights.SEARCH_ROW], also: FINDABLE }),
  door('GET /api/user/{id}', { sights: [sights.PROFILE], channels: APPS }),
  door('GET /api/user/{id}/workouts', {
    takes: ['limit', 'page', 'joins', 'sort_by', 'from', 'to'],
    sights: [sights.WORKOUT_LIST, sights.WORKOUT_ROW, sights.JOINED_USER],
  }),
  door('GET /api/user/{id}/followers', { ...PAGED, sights: [sights.FOLLOWER_LIST, sights.PERSON_ROW] }),
  door('GET /api/user/{id}/following', { ...PAGED, sights: [sights.FOLLOWING_LIST, sights.PERSON_ROW] }),
  shows('GET /api/user/{id}/calendar', sights.CALENDAR),
  shows('GET /api/user/{id}/achievements', sights.ACHIEVEMENTS),
  door('GET /api/user/{id}/overview', { takes: ['version'], sights: [sights.OVERVIEW] }),
  shows('GET /api/user/{id}/challenges/current', sights.CHALLENGES_OF_USER),
  changes('POST /api/user/change_relationship', {
    resource: 'FollowerList',
    fields: { followers: followAtOnce },
    pointlessFor: ['self', 'follower', 'support'],
  }),

  door('GET /api/workout/{id}', { sights: [sights.WORKOUT_DETAIL], channels: APPS }),
  door('GET /api/workout/{id}/performance_graph', {
    takes: ['every_n'],
    sights: [sights.GRAPH],
    channels: ['web', 'device'],
  }),
  changes('DELETE /api/workout/{id}', { resource: 'Workout', fields: { '': own } }),
  door('POST /stats/workouts/details', { sights: [sights.STATS_ROW, sights.STATS_USER], channels: APPS }),
  door('GET /api/ride/{id}/leaderboard', {
    takes: ['limit', 'page', 'filter'],
    sights: [sights.STANDING_EFFORT, sights.STANDING_USER],
  }),
  door('GET /api/ride/{id}/recent_following_workouts', { ...PAGED, about: 'follows', sights: [sights.FRIEND_ROW] }),
  door('POST /api/ride/{id}/reservation', { about: 'none', control: true }),

  door('GET /api/organization/{org}/members', { about: 'employees', sights: [sights.ORG_MEMBER_ROW] }),
  door('GET /api/organization/{org}/programme', { about: 'employees', sights: [sights.PROGRAMME_ROW] }),
  door('GET /api/organization/{org}/challenges', { about: 'org', sights: [sights.CHALLENGE_ROW] }),
  changes(
    'POST /api/organization/{org}/challenges',
    { resource: 'Challenge', fields: { title: orgAdmin } },
    { about: 'org' },
  ),

  shows('GET /v1/user/{id}', sights.OLD_PROFILE),
  door('GET /admin/user/{id}', { also: FOR_SUPPORT, sights: [sights.ADMIN_VIEW] }),
  changes('POST /admin/user/{id}/suspend', { resource: 'User', fields: { suspended: support } }),

  decoy('GET /api/instructor', sights.INSTRUCTOR_ROW),
  decoy('GET /api/instructor/{id}', sights.INSTRUCTOR),
  decoy('GET /api/ride/metadata_mappings'),
  decoy('GET /api/ride/{id}/details', sights.RIDE),
  door('GET /api/v2/ride/archived', { ...DECOY, takes: ['browse_category'], sights: [sights.RIDE_ROW] }),
  door('GET /api/v3/ride/live', { ...DECOY, takes: ['start', 'end'], sights: [sights.RIDE_ROW] }),
  decoy('GET /health'),
  decoy('GET /.well-known/jwks.json'),
  decoy('GET /.well-known/security.txt'),
];
