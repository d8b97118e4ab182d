import type { Member } from '../store/member.ts';
import type { Workout } from '../store/store.ts';
import { WORKOUT_NODE } from '../surface/graphql-operations.ts';
import { userValue } from '../values/user-values.ts';
import { workoutValue } from '../values/workout-values.ts';
import { type Connection, connection } from './connection.ts';
import { authorize, type GraphqlContext } from './graphql-context.ts';
import { people, type Person } from './people.ts';
import type { Resolve } from './resolve.ts';

/** The value of a field of a person, or null if the path does not release it. */
const fieldOf = ({ member, authorizer }: Person, field: string): unknown =>
  authorizer.releasesField('User', member, field) ? userValue(member, field, authorizer.context) : null;

const field =
  (name: string): Resolve<Person> =>
  (source) =>
    fieldOf(source, name);

const FOLLOW_STATUS = { following: 'FOLLOWING', follow_pending: 'PENDING', none: 'NONE' } as const;
/** Fields of `protectedFields`: name in the graph to name in the policy. */
const PROTECTED = { totalWorkoutCounts: 'total_workouts', age: 'age', gender: 'gender', weight: 'weight' } as const;

export const USER: Readonly<Record<string, Resolve<Person>>> = {
  id: field('id'),
  username: field('username'),
  location: field('location'),
  tags: ({ authorizer, member }) =>
    authorizer.releasesField('User', member, 'tags') && member.tag !== null ? [{ tag: member.tag }] : [],
  assets: (source) => ({ imageUrl: fieldOf(source, 'image_url') }),
  followStatus: ({ member, authorizer }, _, { store }) => {
    if (!authorizer.releasesField('User', member, 'relationship')) return null;
    const me = authorizer.context.principal?.member;
    if (me?.key === member.key) return 'SELF';
    return me === undefined ? 'NONE' : FOLLOW_STATUS[store.follow(member.key, me.key)];
  },
  protectedFields: (source) => {
    const { authorizer, member } = source;
    const shown = Object.entries(PROTECTED).filter(([, name]) => authorizer.releasesField('User', member, name));
    if (shown.length === 0) {
      return { __typename: 'UserPrivacyError', code: 'PRIVATE_PROFILE', message: 'This profile is private.' };
    }
    const values = shown.map(([wire, name]) => [wire, userValue(member, name, authorizer.context)] as const);
    return { __typename: 'UserProtectedFields', member, ...Object.fromEntries(values) };
  },
  followers: ({ member, authorizer }, { after }, context): Connection<Person> | null => {
    if (!authorizer.releasesObject('FollowerList', member)) return null;
    const rows = authorize(context, 'Query.user.followers.edges.node');
    return people(rows, after, (window) => context.store.followers(member.key, window));
  },
};

const MAX_WORKOUTS = 50;

export const PROTECTED_FIELDS: Readonly<Record<string, Resolve<{ readonly member: Member }>>> = {
  workouts: ({ member }, { first, after }, context) => {
    const size = Math.min(Math.max(Number(first ?? 20), 1), MAX_WORKOUTS);
    const fetch = (window: { readonly limit: number; readonly offset: number }): readonly Workout[] =>
      context.store.workoutsOf(member.key, window);
    return connection({ first: size, after }, fetch, (workout) => workoutNode(workout, member, context));
  },
};

/** A workout as a node of the graph. Null for the workout, or for a field, if the path does not release it. */
function workoutNode(
  workout: Workout,
  owner: Member,
  context: GraphqlContext,
): Readonly<Record<string, unknown>> | null {
  const authorizer = authorize(context, 'Query.user.protectedFields.workouts.edges.node');
  if (!authorizer.releasesObject('Workout', owner)) return null;
  return Object.fromEntries(
    Object.entries(WORKOUT_NODE.fields).map(([wire, name]) => [
      wire,
      authorizer.releasesField('Workout', owner, name) ? workoutValue({ workout, owner }, name, context.store) : null,
    ]),
  );
}
