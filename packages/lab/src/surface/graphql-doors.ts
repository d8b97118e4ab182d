import type { Door, Sight } from './door.ts';

/** What the gateways show of a person, by whichever path. `location` stands outside `protectedFields`: the last field withheld. */
export const USER_NODE: Sight = {
  at: '',
  resource: 'User',
  fields: {
    id: 'id',
    username: 'username',
    location: 'location',
    'assets.imageUrl': 'image_url',
    followStatus: 'relationship',
    tags: 'tags',
    'protectedFields.totalWorkoutCounts': 'total_workouts',
    'protectedFields.age': 'age',
    'protectedFields.gender': 'gender',
    'protectedFields.weight': 'weight',
  },
};
export const FOLLOWERS: Sight = { at: '', resource: 'FollowerList', fields: { followers: 'followers' } };

const door = (operation: string, more: Partial<Door> = {}): Door => ({
  operation,
  protocol: 'graphql',
  by: 'member',
  channels: ['web'],
  about: 'any',
  sights: [USER_NODE],
  ...more,
});

/** Every path to a person on the gateways. Deeper paths are judged as the shortest that ends alike (see `doorOfPath`). */
export const GRAPHQL_DOORS: readonly Door[] = [
  door('Query.me', { about: 'self', control: true }),
  door('Query.user', { sights: [USER_NODE, FOLLOWERS] }),
  door('Query.users'),
  door('Query.node'),
  door('Query.searchUsers.edges.node', {
    also: { see: ['member'], narrow: { hidden_from_search: ['self', 'follower'] } },
  }),
  door('Query.tag.users.edges.node'),
  door('Query.class.attendees.edges.node'),
  door('Query.user.followers.edges.node'),
];
