import type { Member } from '../../store/member.ts';
import type { Window } from '../../store/store.ts';
import type { Sight } from '../../surface/door.ts';
import {
  ACHIEVEMENTS,
  CALENDAR,
  CHALLENGES_OF_USER,
  FOLLOWER_LIST,
  FOLLOWING_LIST,
  OLD_PROFILE,
  OVERVIEW,
  PERSON_ROW,
  PROFILE,
  SEARCH_ROW,
} from '../../surface/rest-sights.ts';
import { type Answer, type Call, memberAsked, numberOf, pageOf } from '../call.ts';
import { listEntity, userEntity } from '../entities.ts';

const MAX_FOUND = 100;

/** A page about the user whom the path names. */
const pageAbout =
  (sight: Sight): Answer =>
  (call) => {
    const member = memberAsked(call);
    return member && userEntity(call, sight, member);
  };

/** Two ways to ask, one answer: whose username begins so. */
const searchFor =
  (asked: (call: Call) => string): Answer =>
  (call) => {
    const { store, region } = call;
    const found = store.searchMembers(region, asked(call), numberOf(call, 'limit', 20, MAX_FOUND));
    return { data: found.map((member) => userEntity(call, SEARCH_ROW, member)), page: 0 };
  };

const listOf =
  (sight: Sight, field: string, fetch: (call: Call, owner: Member, window: Window) => readonly Member[]): Answer =>
  (call) => {
    const owner = memberAsked(call);
    if (owner === undefined) return undefined;
    const { limit, page, offset } = pageOf(call);
    const rows = fetch(call, owner, { limit, offset }).map((each) => userEntity(call, PERSON_ROW, each));
    return listEntity(sight, owner, { [field]: rows }, { page });
  };

/** Served to the web app alone: its header is asked for, which keeps nobody out. */
const overview: Answer = (call) =>
  call.headers['platform'] === 'web' && call.argument('version') === '1' ? pageAbout(OVERVIEW)(call) : undefined;

export const USER_ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/user/{id}': pageAbout(PROFILE),
  'GET /api/user/search': searchFor((call) => call.argument('user_query') ?? ''),
  'GET /api/user/search/{query}': searchFor(({ path }) => path['query'] ?? ''),
  'GET /api/user/{id}/followers': listOf(FOLLOWER_LIST, 'followers', ({ store }, { key }, window) =>
    store.followers(key, window),
  ),
  'GET /api/user/{id}/following': listOf(FOLLOWING_LIST, 'following', ({ store }, { key }, window) =>
    store.following(key, window),
  ),
  'GET /api/user/{id}/calendar': pageAbout(CALENDAR),
  'GET /api/user/{id}/achievements': pageAbout(ACHIEVEMENTS),
  'GET /api/user/{id}/overview': overview,
  'GET /api/user/{id}/challenges/current': pageAbout(CHALLENGES_OF_USER),
  'GET /v1/user/{id}': pageAbout(OLD_PROFILE),
};
