import { GraphQLError } from 'graphql';
import { hexId } from '../people/scramble.ts';
import type { Member } from '../store/member.ts';
import { RIDES, TAGS } from '../store/populate.ts';
import { instructorId, instructorsOf, rideNumbered } from '../values/catalogue.ts';
import { tagName, userValue } from '../values/user-values.ts';
import { type Connection, connection, enter, type GraphqlContext, type Person, person } from './people.ts';

type Args = Readonly<Record<string, string | null | undefined>>;
type Resolve<Source> = (source: Source, args: Args, context: GraphqlContext) => unknown;

const memberOf = ({ store, region }: GraphqlContext, id: unknown): Member | undefined =>
  typeof id === 'string' ? store.memberById(region, id) : undefined;

const QUERY: Readonly<Record<string, Resolve<undefined>>> = {
  me: (_, __, context) => {
    const gate = enter(context, 'Query.me');
    const me = person(gate, context.principal?.member);
    if (me === null) throw new GraphQLError('Log in to see this.', { extensions: { code: 'UNAUTHENTICATED' } });
    return me;
  },
  user: (_, { id }, context) => person(enter(context, 'Query.user'), memberOf(context, id)),
  users: (_, { ids }, context) => {
    const gate = enter(context, 'Query.users');
    return (ids as unknown as readonly string[]).map((id) => person(gate, memberOf(context, id)));
  },
  node: (_, { id }, context) => {
    const ride = rideNumbered(context.store.seed, id ?? '');
    return ride === undefined ? person(enter(context, 'Query.node'), memberOf(context, id)) : classOf(ride);
  },
  searchUsers: (_, { q, after }, context) => {
    const gate = enter(context, 'Query.searchUsers.edges.node');
    const { store, region } = context;
    return connection(gate, after, ({ limit, offset }) =>
      store.searchMembers(region, q ?? '', offset + limit).slice(offset),
    );
  },
  tag: (_, { tagName: name }) => {
    const tag = Array.from({ length: TAGS }, (__, each) => tagName(each)).indexOf(name ?? '');
    return tag === -1 ? null : { tag };
  },
  class: (_, { id }, { store }) => {
    const ride = rideNumbered(store.seed, id ?? '');
    return ride === undefined ? null : classOf(ride);
  },
};

interface Class {
  readonly __typename: 'Class';
  readonly ride: number;
}
const classOf = (ride: number): Class => ({ __typename: 'Class', ride });
const CLASS: Readonly<Record<string, Resolve<Class>>> = {
  id: ({ ride }, _, { store }) => hexId(store.seed, 71, ride),
  joinToken: ({ ride }, _, { store, principal }) => (principal === undefined ? null : hexId(store.seed, 74, ride)),
  instructor: ({ ride }, _, { store, region }) => {
    const found = instructorsOf(store.seed, region).find(({ id }) => id === instructorId(store.seed, ride));
    return found && { id: found['id'], name: found['name'], userId: found['user_id'] };
  },
  attendees: ({ ride }, { after }, context) => {
    const gate = enter(context, 'Query.class.attendees.edges.node');
    return connection(gate, after, (window) => context.store.membersOnRide(context.region, ride % RIDES, window));
  },
};

const TAG: Readonly<Record<string, Resolve<{ readonly tag: number }>>> = {
  name: ({ tag }) => tagName(tag),
  followingCount: ({ tag }, _, { store, region }) => store.countTagged(region, tag),
  users: ({ tag }, { after }, context) => {
    const gate = enter(context, 'Query.tag.users.edges.node');
    return connection(gate, after, (window) => context.store.membersTagged(context.region, tag, window));
  },
};

/** A field of a person: its value where the path releases it, null where not. */
function fieldOf({ member, gate }: Person, field: string, context: GraphqlContext): unknown {
  return gate.releasesField('User', member, field) ? userValue(member, field, context) : null;
}
const field =
  (name: string): Resolve<Person> =>
  (source, _, context) =>
    fieldOf(source, name, context);

const FOLLOW_STATUS: Readonly<Record<string, string>> = {
  following: 'FOLLOWING',
  follow_pending: 'PENDING',
  none: 'NONE',
};
/** What stands behind `protectedFields`, by name in the graph and in MEANING. */
const PROTECTED: Readonly<Record<string, string>> = {
  totalWorkoutCounts: 'total_workouts',
  age: 'age',
  gender: 'gender',
  weight: 'weight',
};

const USER: Readonly<Record<string, Resolve<Person>>> = {
  id: field('id'),
  username: field('username'),
  location: field('location'),
  tags: ({ gate, member }) =>
    gate.releasesField('User', member, 'tags') && member.tag !== null ? [{ tag: member.tag }] : [],
  assets: (source, _, context) => ({ imageUrl: fieldOf(source, 'image_url', context) }),
  followStatus: ({ member, gate }, _, { store, principal }) => {
    const me = principal?.member;
    if (!gate.releasesField('User', member, 'relationship')) return null;
    if (me?.key === member.key) return 'SELF';
    return FOLLOW_STATUS[me === undefined ? 'none' : store.follow(member.key, me.key)];
  },
  protectedFields: (source, _, context) => {
    const { gate, member } = source;
    const shown = Object.entries(PROTECTED).filter(([, name]) => gate.releasesField('User', member, name));
    if (shown.length === 0) {
      return { __typename: 'UserPrivacyError', code: 'PRIVATE_PROFILE', message: 'This profile is private.' };
    }
    const values = shown.map(([wire, name]) => [wire, userValue(member, name, context)] as const);
    return { __typename: 'UserProtectedFields', ...Object.fromEntries(values) };
  },
  followers: ({ member, gate }, { after }, context): Connection | null => {
    if (!gate.releasesObject('FollowerList', member)) return null;
    const rows = enter(context, 'Query.user.followers.edges.node');
    return connection(rows, after, (window) => context.store.followers(member.key, window));
  },
};

/** Type → field → resolver; what is not here is read off its parent. */
export const RESOLVERS: Readonly<Record<string, Readonly<Record<string, Resolve<never>>>>> = {
  Query: QUERY,
  User: USER,
  Tag: TAG,
  Class: CLASS,
};
