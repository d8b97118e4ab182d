import type { Member } from '../store/member.ts';
import type { Workout } from '../store/store.ts';
import { WORKOUT_NODE } from '../surface/graphql-doors.ts';
import { userValue } from '../values/user-values.ts';
import { workoutValue } from '../values/workout-values.ts';
import { type Connection, connection, enter, type GraphqlContext, people, type Person } from './people.ts';
import type { Resolve } from './resolve.ts';

/** A field of a person: its value where the path releases it, null where not. */
const fieldOf = ({ member, gate }: Person, field: string): unknown =>
  gate.releasesField('User', member, field) ? userValue(member, field, gate.asking) : null;

const field =
  (name: string): Resolve<Person> =>
  (source) =>
    fieldOf(source, name);

const FOLLOW_STATUS = { following: 'FOLLOWING', follow_pending: 'PENDING', none: 'NONE' } as const;
/** What stands behind `protectedFields`, by name in the graph and in MEANING. */
const PROTECTED = { totalWorkoutCounts: 'total_workouts', age: 'age', gender: 'gender', weight: 'weight' } as const;

export const USER: Readonly<Record<string, Resolve<Person>>> = {
  id: field('id'),
  username: field('username'),
  location: field('location'),
  tags: ({ gate, member }) =>
    gate.releasesField('User', member, 'tags') && member.tag !== null ? [{ tag: member.tag }] : [],
  assets: (source) => ({ imageUrl: fieldOf(source, 'image_url') }),
  followStatus: ({ member, gate }, _, { store }) => {
    if (!gate.releasesField('User', member, 'relationship')) return null;
    const me = gate.asking.principal?.member;
    if (me?.key === member.key) return 'SELF';
    return me === undefined ? 'NONE' : FOLLOW_STATUS[store.follow(member.key, me.key)];
  },
  protectedFields: (source) => {
    const { gate, member } = source;
    const shown = Object.entries(PROTECTED).filter(([, name]) => gate.releasesField('User', member, name));
    if (shown.length === 0) {
      return { __typename: 'UserPrivacyError', code: 'PRIVATE_PROFILE', message: 'This profile is private.' };
    }
    const values = shown.map(([wire, name]) => [wire, userValue(member, name, gate.asking)] as const);
    return { __typename: 'UserProtectedFields', member, ...Object.fromEntries(values) };
  },
  followers: ({ member, gate }, { after }, context): Connection<Person> | null => {
    if (!gate.releasesObject('FollowerList', member)) return null;
    const rows = enter(context, 'Query.user.followers.edges.node');
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

/** A workout as the graph shows it; fields that the path does not release are null, and so is a workout it does not. */
function workoutNode(
  workout: Workout,
  owner: Member,
  context: GraphqlContext,
): Readonly<Record<string, unknown>> | null {
  const gate = enter(context, 'Query.user.protectedFields.workouts.edges.node');
  if (!gate.releasesObject('Workout', owner)) return null;
  return Object.fromEntries(
    Object.entries(WORKOUT_NODE.fields).map(([wire, name]) => [
      wire,
      gate.releasesField('Workout', owner, name) ? workoutValue(workout, owner, name, context.store) : null,
    ]),
  );
}
