import type { Member } from '../../store/member.ts';
import type { Window } from '../../store/store.ts';
import type { Projection } from '../../surface/operation.ts';
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
} from '../../surface/rest-projections.ts';
import { type Handler, type Call, memberInPath, numberOf, pageOf } from '../call.ts';
import { listEntity, userEntity } from '../entities.ts';

const MAX_FOUND = 100;

/** A page about the user named in the path. */
const pageAbout =
  (projection: Projection): Handler =>
  (call) => {
    const member = memberInPath(call);
    return member && userEntity(call, projection, member);
  };

/** The users whose username begins with the text that `prefixOf` finds in the request. */
const searchFor =
  (prefixOf: (call: Call) => string): Handler =>
  (call) => {
    const { store, region } = call;
    const found = store.searchMembers(
      region,
      prefixOf(call),
      numberOf(call, 'limit', { fallback: 20, max: MAX_FOUND }),
    );
    return { data: found.map((member) => userEntity(call, SEARCH_ROW, member)), page: 0 };
  };

const listOf =
  (
    projection: Projection,
    field: string,
    fetch: (call: Call, owner: Member, window: Window) => readonly Member[],
  ): Handler =>
  (call) => {
    const owner = memberInPath(call);
    if (owner === undefined) return undefined;
    const { limit, page, offset } = pageOf(call);
    const rows = fetch(call, owner, { limit, offset }).map((each) => userEntity(call, PERSON_ROW, each));
    return listEntity(projection, owner, { fields: { [field]: rows }, extra: { page } });
  };

/** Served to the web app only: it checks a header, which any client can send. */
const overview: Handler = (call) =>
  call.headers['platform'] === 'web' && call.queryParameter('version') === '1' ? pageAbout(OVERVIEW)(call) : undefined;

export const USER_HANDLERS: Readonly<Record<string, Handler>> = {
  'GET /api/user/{id}': pageAbout(PROFILE),
  'GET /api/user/search': searchFor((call) => call.queryParameter('user_query') ?? ''),
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
