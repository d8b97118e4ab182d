import type { ProbeRequest } from '../traffic/probe.ts';
import { probeOf } from '../traffic/probes.ts';
import type { Anchors, OwnerIds, World } from '../traffic/world.ts';
import type { Channel, Protocol, Region } from '../rules/stages.ts';

/** One step of an app: a request by somebody, to a host of their region. */
export interface Step {
  readonly region: Region;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly caller: string | undefined;
  readonly probe: ProbeRequest;
}

/** What each app of Cadence does when it is opened, by the operations it calls; `other` is whom its user looks at. */
const SCREENS: Readonly<Record<Channel, readonly (readonly [operation: string, about: 'me' | 'other'])[]>> = {
  web: [
    ['GET /api/me', 'me'],
    ['GET /api/user/{id}/settings', 'me'],
    ['GET /api/user/{id}/overview', 'me'],
    ['GET /api/user/search/{query}', 'other'],
    ['GET /api/user/search', 'other'],
    ['GET /api/user/{id}', 'other'],
    ['GET /api/user/{id}/workouts', 'other'],
    ['GET /api/user/{id}/followers', 'other'],
    ['GET /api/user/{id}/following', 'other'],
    ['GET /api/user/{id}/calendar', 'other'],
    ['GET /api/user/{id}/achievements', 'other'],
    ['GET /api/user/{id}/challenges/current', 'me'],
    ['GET /api/ride/{id}/leaderboard', 'other'],
    ['Query.me', 'me'],
    ['Query.tag.users.edges.node', 'other'],
    ['Query.class.attendees.edges.node', 'other'],
  ],
  mobile: [
    ['GET /api/user/{id}', 'me'],
    ['POST /stats/workouts/details', 'other'],
    ['GET /api/workout/{id}', 'other'],
    ['Query.user', 'other'],
    ['Query.searchUsers.edges.node', 'other'],
  ],
  device: [
    ['GET /api/me', 'me'],
    ['GET /api/workout/{id}/performance_graph', 'me'],
  ],
};

/** What anybody's app asks before it knows who its user is. */
const FRONT_PAGE: readonly string[] = [
  '/api/ride/metadata_mappings',
  '/api/instructor',
  '/api/v2/ride/archived?browse_category=cycling',
  '/api/v3/ride/live?start=1611100800&end=1611187200',
  '/health',
];

/** The journey of one user of one app. */
export function journeyOf(
  world: World,
  region: Region,
  channel: Channel,
  pair: Readonly<Record<'me' | 'other', string>>,
): Step[] {
  const anchors = world.anchors[region];
  const steps = SCREENS[channel].flatMap(([operation, about]): Step[] => {
    const owner = world.idsOf(pair[about]);
    const probe = probeOf(operation, '')?.(owner, anchors);
    if (probe === undefined) return [];
    const protocol = operation.includes(' ') ? 'rest' : 'graphql';
    return [{ region, channel, protocol, caller: pair.me, probe }];
  });
  const front = FRONT_PAGE.map((path): Step => {
    return { region, channel, protocol: 'rest', caller: undefined, probe: { method: 'GET', path } };
  });
  return channel === 'web' ? [...front, ...steps] : steps;
}

/** The incident's query, letter for letter. */
const SHARED_TAGS =
  'query SharedTags($currentUserID: ID!) { User: user(id: $currentUserID) { __typename id location } }';

/** Somebody who takes the members one after another, by the doors of the incident. */
export function scrapeOf(region: Region, owners: readonly OwnerIds[], { hub }: Anchors): Step[] {
  const step = (protocol: Protocol, probe: ProbeRequest): Step => ({
    region,
    channel: 'web',
    protocol,
    caller: undefined,
    probe,
  });
  const each = owners.flatMap((owner) => [
    step('rest', { method: 'GET', path: `/api/user/search/${owner.name}` }),
    step('rest', { method: 'GET', path: `/api/user/${owner.userId}/workouts` }),
    step('graphql', {
      method: 'POST',
      path: '/graphql',
      body: { query: SHARED_TAGS, variables: { currentUserID: owner.userId } },
      headers: { 'x-apollo-operation-type': 'query' },
    }),
  ]);
  const ids = [hub, ...owners].map(({ userId }) => userId);
  return [...each, step('rest', { method: 'POST', path: '/stats/workouts/details', body: { ids } })];
}
