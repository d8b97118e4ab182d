import type { Door } from './door.ts';
import {
  FOLLOWER_LIST,
  FOLLOWER_ROW,
  INSTRUCTOR_ROW,
  ME,
  PROFILE,
  SEARCH_ROW,
  SETTINGS,
  STATS_ROW,
  STATS_USER,
  WORKOUT_DETAIL,
  WORKOUT_LIST,
  WORKOUT_ROW,
} from './rest-sights.ts';

const door = (operation: string, more: Partial<Door>): Door => ({
  operation,
  protocol: 'rest',
  by: 'member',
  channels: ['web'],
  about: 'any',
  sights: [],
  ...more,
});
const decoy = (operation: string, sights: Door['sights'] = []): Door =>
  door(operation, { by: 'anyone', about: 'none', sights });

/** Every REST operation, on both regional hosts. */
export const REST_DOORS: readonly Door[] = [
  door('POST /auth/login', { by: 'anyone', about: 'none' }),
  door('POST /auth/signup', { by: 'anyone', about: 'none' }),
  door('GET /api/me', { about: 'self', control: true, sights: [ME] }),
  door('GET /api/user/{id}/settings', { control: true, sights: [SETTINGS] }),
  door('PUT /api/user/{id}/settings', { control: true }),
  door('GET /api/user/search/{query}', {
    sights: [SEARCH_ROW],
    also: { see: ['member'], narrow: { hidden_from_search: ['self', 'follower'] } },
  }),
  door('GET /api/user/{id}', { sights: [PROFILE] }),
  door('GET /api/user/{id}/workouts', { sights: [WORKOUT_LIST, WORKOUT_ROW] }),
  door('GET /api/user/{id}/followers', { sights: [FOLLOWER_LIST, FOLLOWER_ROW] }),
  door('GET /api/workout/{id}', { sights: [WORKOUT_DETAIL] }),
  door('POST /stats/workouts/details', { sights: [STATS_ROW, STATS_USER] }),
  decoy('GET /api/instructor', [INSTRUCTOR_ROW]),
  decoy('GET /api/ride/metadata_mappings'),
  decoy('GET /health'),
  decoy('GET /.well-known/jwks.json'),
  decoy('GET /.well-known/security.txt'),
];
