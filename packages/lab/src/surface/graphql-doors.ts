import { FINDABLE, MAY_CHANGE } from '../rules/meaning.ts';
import type { Door, Sight } from './door.ts';

/** What the gateways show of a person, by whichever path. `location` stands outside `protectedFields`: the last field withheld. */
const USER_NODE: Sight = {
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
const FOLLOWERS: Sight = { at: '', resource: 'FollowerList', fields: { followers: 'followers' } };
export const WORKOUT_NODE: Sight = {
  at: '',
  resource: 'Workout',
  fields: { id: 'id', createdAt: 'created_at', totalWork: 'total_work', stravaId: 'strava_id' },
};
const STACK: Sight = { at: '', resource: 'User', fields: { classes: 'class_stack' } };

const APPS = ['web', 'mobile'] as const;
const door = (operation: string, more: Partial<Door> = {}): Door => ({
  operation,
  protocol: 'graphql',
  by: 'member',
  channels: ['web'],
  about: 'any',
  sights: [USER_NODE],
  ...more,
});

/**
 * Every path to a person on the gateways. A path that goes on from one person to others (`followers`, `protectedFields.workouts`)
 * is judged as that path from `Query.user`, however the first person was come by.
 */
export const GRAPHQL_DOORS: readonly Door[] = [
  door('Query.me', { about: 'self', control: true }),
  door('Query.user', { sights: [USER_NODE, FOLLOWERS], channels: APPS }),
  door('Query.users'),
  door('Query.node'),
  door('Query.searchUsers.edges.node', { also: FINDABLE }),
  door('Query.tag.users.edges.node'),
  door('Query.class.attendees.edges.node'),
  door('Query.user.followers.edges.node', { channels: APPS }),
  door('Query.user.protectedFields.workouts.edges.node', { sights: [WORKOUT_NODE], channels: APPS }),
  door('Query.viewUserStack', { about: 'self', control: true, sights: [STACK] }),
  door('Mutation.addClassToStack', { about: 'none', control: true, sights: [] }),
  door('Mutation.follow', {
    control: true,
    sights: [],
    change: {
      resource: 'FollowerList',
      fields: { followers: MAY_CHANGE.followAtOnce },
      pointlessFor: ['self', 'follower', 'support'],
    },
  }),
];
