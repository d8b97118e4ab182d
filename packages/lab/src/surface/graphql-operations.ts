import { FINDABLE, WRITE_RULES } from '../rules/policy.ts';
import type { Operation, Projection } from './operation.ts';

/** What the gateways return of a person, by any path. `location` is outside `protectedFields`, as in the incident. */
const USER_NODE: Projection = {
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
const FOLLOWERS: Projection = { at: '', resource: 'FollowerList', fields: { followers: 'followers' } };
export const WORKOUT_NODE: Projection = {
  at: '',
  resource: 'Workout',
  fields: { id: 'id', createdAt: 'created_at', totalWork: 'total_work', stravaId: 'strava_id' },
};
const STACK: Projection = { at: '', resource: 'User', fields: { classes: 'class_stack' } };

const APPS = ['web', 'mobile'] as const;
const operation = (name: string, more: Partial<Operation> = {}): Operation => ({
  name,
  protocol: 'graphql',
  by: 'member',
  channels: ['web'],
  about: 'any',
  projections: [USER_NODE],
  ...more,
});

/**
 * Every path to a person on the gateways. A path from one person to others (`followers`, `protectedFields.workouts`) follows the
 * rules of that path from `Query.user`, by whatever path the first person was reached.
 */
export const GRAPHQL_OPERATIONS: readonly Operation[] = [
  operation('Query.me', { about: 'self', ownerOnly: true }),
  operation('Query.user', { projections: [USER_NODE, FOLLOWERS], channels: APPS }),
  operation('Query.users'),
  operation('Query.node'),
  operation('Query.searchUsers.edges.node', { extraRule: FINDABLE }),
  operation('Query.tag.users.edges.node'),
  operation('Query.class.attendees.edges.node'),
  operation('Query.user.followers.edges.node', { channels: APPS }),
  operation('Query.user.protectedFields.workouts.edges.node', { projections: [WORKOUT_NODE], channels: APPS }),
  operation('Query.viewUserStack', { about: 'self', ownerOnly: true, projections: [STACK] }),
  operation('Mutation.addClassToStack', { about: 'none', ownerOnly: true, projections: [] }),
  operation('Mutation.follow', {
    ownerOnly: true,
    projections: [],
    write: {
      resource: 'FollowerList',
      fields: { followers: WRITE_RULES.followAtOnce },
      notObservableFor: ['self', 'follower', 'support'],
    },
  }),
];
