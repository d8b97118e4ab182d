import type { ProbeRequest } from './probe.ts';
import type { Fixtures, OwnerIds } from './cast-directory.ts';

export type Probe = (owner: OwnerIds, fixtures: Fixtures) => ProbeRequest;

const get =
  (path: (owner: OwnerIds, fixtures: Fixtures) => string): Probe =>
  (owner, fixtures) => ({ method: 'GET', path: path(owner, fixtures) });

const graphql =
  (query: string, variables: (owner: OwnerIds, fixtures: Fixtures) => Readonly<Record<string, unknown>>): Probe =>
  (owner, fixtures) => ({ method: 'POST', path: '/graphql', body: { query, variables: variables(owner, fixtures) } });

const USER_FIELDS = `fragment U on User {
  id username location assets { imageUrl } followStatus tags { name }
  protectedFields { ... on UserProtectedFields { totalWorkoutCounts age gender weight } ... on UserPrivacyError { code } }
}`;
const PEOPLE = '{ edges { node { ...U } } }';

/** The id of a member with a public profile who follows the owner. */
function followerOf(owner: OwnerIds, { hub, followedByHub, follower, followedByHubNames }: Fixtures): string {
  if (owner.userId === hub.userId) return followedByHub.userId;
  return (followedByHubNames.includes(owner.name.replace(/_uk$/, '')) ? hub : follower).userId;
}

/** The id of a member with a public profile whom the owner follows. */
const followedBy = (owner: OwnerIds, { hub, followedByHub }: Fixtures): string =>
  owner.userId === hub.userId ? followedByHub.userId : hub.userId;

/**
 * The request that returns an owner's data, as an app would send it: by operation, or by operation and path in the response where
 * an owner is found in the list of another.
 */
const PROBES: Readonly<Record<string, Probe>> = {
  'GET /api/me': get(() => '/api/me'),
  'GET /api/user/{id}/settings': get(({ userId }) => `/api/user/${userId}/settings`),
  'GET /api/user/search/{query}': get(({ name }) => `/api/user/search/${name}?limit=50`),
  'GET /api/user/search': get(({ name }) => `/api/user/search?user_query=${name}&limit=50`),
  'GET /api/user/{id}': get(({ userId }) => `/api/user/${userId}`),
  'GET /api/user/{id}/workouts': get(({ userId }) => `/api/user/${userId}/workouts?joins=user,ride`),
  'GET /api/user/{id}/followers': get(({ userId }) => `/api/user/${userId}/followers`),
  'GET /api/user/{id}/followers data/*': get(
    (owner, fixtures) => `/api/user/${followedBy(owner, fixtures)}/followers?limit=50`,
  ),
  'GET /api/user/{id}/following': get(({ userId }) => `/api/user/${userId}/following`),
  'GET /api/user/{id}/following data/*': get((owner, fixtures) => `/api/user/${followerOf(owner, fixtures)}/following`),
  'GET /api/user/{id}/calendar': get(({ userId }) => `/api/user/${userId}/calendar`),
  'GET /api/user/{id}/achievements': get(({ userId }) => `/api/user/${userId}/achievements`),
  'GET /api/user/{id}/overview': ({ userId }) => ({
    method: 'GET',
    path: `/api/user/${userId}/overview?version=1`,
    headers: { platform: 'web' },
  }),
  'GET /api/user/{id}/challenges/current': get(({ userId }) => `/api/user/${userId}/challenges/current`),
  'GET /api/workout/{id}/performance_graph': get(
    ({ workoutIds }) => `/api/workout/${workoutIds[0]}/performance_graph?every_n=5`,
  ),
  'GET /api/ride/{id}/leaderboard': get((_, { classId }) => `/api/ride/${classId}/leaderboard?limit=50`),
  'GET /api/ride/{id}/recent_following_workouts': get(
    (_, { classId }) => `/api/ride/${classId}/recent_following_workouts?limit=50`,
  ),
  'GET /api/organization/{org}/members': get((_, { org }) => `/api/organization/${org}/members`),
  'GET /api/organization/{org}/programme': get((_, { org }) => `/api/organization/${org}/programme`),
  'GET /api/organization/{org}/challenges': get(({ name }) => `/api/organization/${name}/challenges`),
  'GET /v1/user/{id}': get(({ userId }) => `/v1/user/${userId}`),
  'GET /admin/user/{id}': get(({ userId }) => `/admin/user/${userId}`),
  'GET /api/workout/{id}': get(({ workoutIds }) => `/api/workout/${workoutIds[0]}`),
  'POST /stats/workouts/details': ({ userId }) => ({
    method: 'POST',
    path: '/stats/workouts/details',
    body: { ids: [userId] },
  }),
  'Query.me': graphql(
    `
      query Me {
        me {
          ...U
        }
      }
      ${USER_FIELDS}
    `,
    () => ({}),
  ),
  'Query.user': graphql(
    `
      query User($id: ID!) {
        user(id: $id) {
          ...U
          followers {
            edges {
              node {
                id
              }
            }
          }
        }
      }
      ${USER_FIELDS}
    `,
    ({ userId }) => ({ id: userId }),
  ),
  'Query.users': graphql(
    `
      query Users($ids: [ID!]!) {
        users(ids: $ids) {
          ...U
        }
      }
      ${USER_FIELDS}
    `,
    ({ userId }) => ({
      ids: [userId],
    }),
  ),
  'Query.node': graphql(
    `
      query Node($id: ID!) {
        node(id: $id) {
          ...U
        }
      }
      ${USER_FIELDS}
    `,
    ({ userId }) => ({ id: userId }),
  ),
  'Query.searchUsers.edges.node': graphql(
    `query Search($q: String!) { searchUsers(q: $q) ${PEOPLE} } ${USER_FIELDS}`,
    ({ name }) => ({ q: name }),
  ),
  'Query.tag.users.edges.node': graphql(
    `query Tag($tag: String!) { tag(tagName: $tag) { users ${PEOPLE} } } ${USER_FIELDS}`,
    (_, { tagName }) => ({ tag: tagName }),
  ),
  'Query.class.attendees.edges.node': graphql(
    `query Class($id: ID!) { class(id: $id) { attendees ${PEOPLE} } } ${USER_FIELDS}`,
    (_, { classId }) => ({ id: classId }),
  ),
  'Query.user.protectedFields.workouts.edges.node': graphql(
    `
      query Workouts($id: ID!) {
        user(id: $id) {
          protectedFields {
            ... on UserProtectedFields {
              workouts(first: 5) {
                edges {
                  node {
                    id
                    createdAt
                    totalWork
                    stravaId
                  }
                }
              }
            }
          }
        }
      }
    `,
    ({ userId }) => ({ id: userId }),
  ),
  'Query.viewUserStack': graphql('query Stack { viewUserStack { classes { id } } }', () => ({})),
  'Query.user.followers.edges.node': graphql(
    `query Followers($id: ID!) { user(id: $id) { followers ${PEOPLE} } } ${USER_FIELDS}`,
    (owner, fixtures) => ({ id: followedBy(owner, fixtures) }),
  ),
};

/** The request for one path in the response of one operation; undefined if none is defined. */
export const probeOf = (operation: string, at: string): Probe | undefined =>
  PROBES[`${operation} ${at}`] ?? PROBES[operation];
