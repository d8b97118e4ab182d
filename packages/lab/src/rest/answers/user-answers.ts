import type { Member } from '../../store/member.ts';
import { FOLLOWER_LIST, FOLLOWER_ROW, PROFILE, SEARCH_ROW } from '../../surface/rest-sights.ts';
import { type Answer, type Call, numberOf } from '../call.ts';
import { listEntity, userEntity } from '../entities.ts';

const MAX_PAGE = 100;

export const memberAsked = ({ store, region, path }: Call): Member | undefined =>
  store.memberByName(region, path['id'] ?? '');

const profile: Answer = (call) => {
  const member = memberAsked(call);
  return member && userEntity(call, PROFILE, member);
};

const search: Answer = (call) => {
  const { store, region, path, query } = call;
  const found = store.searchMembers(region, path['query'] ?? '', numberOf(query, 'limit', 20, MAX_PAGE));
  return { data: found.map((member) => userEntity(call, SEARCH_ROW, member)), page: 0 };
};

/** Limit, page and offset of a list, as the query asks. */
export function pageOf({ query }: Call): { readonly limit: number; readonly page: number; readonly offset: number } {
  const limit = Math.max(1, numberOf(query, 'limit', 20, MAX_PAGE));
  const page = numberOf(query, 'page', 0, 1_000_000);
  return { limit, page, offset: page * limit };
}

const followers: Answer = (call) => {
  const owner = memberAsked(call);
  if (owner === undefined) return undefined;
  const { limit, page, offset } = pageOf(call);
  const rows = call.store.followers(owner.key, { limit, offset }).map((each) => userEntity(call, FOLLOWER_ROW, each));
  return listEntity(FOLLOWER_LIST, owner, { followers: rows }, { page });
};

export const USER_ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/user/{id}': profile,
  'GET /api/user/search/{query}': search,
  'GET /api/user/{id}/followers': followers,
};
