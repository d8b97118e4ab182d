import type { ProbeRequest } from '../traffic/probe.ts';
import { probeOf } from '../traffic/probes.ts';
import type { Fixtures, OwnerIds, CastDirectory } from '../traffic/cast-directory.ts';
import type { Channel, Protocol, Region, Scope } from '../rules/stage.ts';

/** One request of an app to a host of its user's region. */
export interface JourneyStep {
  readonly region: Region;
  readonly protocol: Protocol;
  readonly channel: Channel;
  readonly caller: string | undefined;
  readonly probe: ProbeRequest;
}

/** Operations that each app calls when it is opened; `other` is the member whom its user looks at. */
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

/** Whether a capture of the app of `channel` contains the operation. */
export const isInHandouts = (operation: string, channel: Channel): boolean =>
  SCREENS[channel].some(([name]) => name === operation);

/** Requests of the web app before login. */
const FRONT_PAGE: readonly string[] = [
  '/api/ride/metadata_mappings',
  '/api/instructor',
  '/api/v2/ride/archived?browse_category=cycling',
  '/api/v3/ride/live?start=1611100800&end=1611187200',
  '/health',
];

/** The journey of one user of one app. */
export function journeyOf(
  directory: CastDirectory,
  { region, channel }: Pick<Scope, 'region' | 'channel'>,
  pair: Readonly<Record<'me' | 'other', string>>,
): JourneyStep[] {
  const fixtures = directory.fixtures[region];
  const steps = SCREENS[channel].flatMap(([operation, about]): JourneyStep[] => {
    const owner = directory.idsOf(pair[about]);
    const probe = probeOf(operation, '')?.(owner, fixtures);
    if (probe === undefined) return [];
    const protocol = operation.includes(' ') ? 'rest' : 'graphql';
    return [{ region, channel, protocol, caller: pair.me, probe }];
  });
  const front = FRONT_PAGE.map((path): JourneyStep => {
    return { region, channel, protocol: 'rest', caller: undefined, probe: { method: 'GET', path } };
  });
  return channel === 'web' ? [...front, ...steps] : steps;
}

/** The query of the incident, verbatim. */
const SHARED_TAGS =
  'query SharedTags($currentUserID: ID!) { User: user(id: $currentUserID) { __typename id location } }';

/** A scraper that reads the members one after another, by the operations of the incident. */
export function scrapeOf(region: Region, owners: readonly OwnerIds[], { hub }: Fixtures): JourneyStep[] {
  const step = (protocol: Protocol, probe: ProbeRequest): JourneyStep => ({
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
