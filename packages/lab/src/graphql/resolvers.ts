import { GraphQLError } from 'graphql';
import { extraOf, type Member } from '../store/member.ts';
import { writeOf } from '../surface/operations.ts';
import { rideNumbered } from '../values/catalogue.ts';
import { tagNamed } from '../values/tags.ts';
import { authorize, type GraphqlContext } from './graphql-context.ts';
import { people, person } from './people.ts';
import type { Resolve } from './resolve.ts';
import { type Class, CLASS, classOf, TAG } from './resolve-class.ts';
import { PROTECTED_FIELDS, USER } from './resolve-user.ts';

const memberOf = ({ store, region }: GraphqlContext, id: unknown): Member | undefined =>
  typeof id === 'string' ? store.memberById(region, id) : undefined;

/** The caller's own row, for an operation about the caller only. */
function callerAt(context: GraphqlContext, operation: string): Member {
  const me = authorize(context, operation).context.principal?.member;
  if (me === undefined) throw new GraphQLError('Log in to see this.', { extensions: { code: 'UNAUTHENTICATED' } });
  return me;
}

const QUERY: Readonly<Record<string, Resolve<undefined>>> = {
  me: (_, __, context) => person(authorize(context, 'Query.me'), callerAt(context, 'Query.me')),
  user: (_, { id }, context) => person(authorize(context, 'Query.user'), memberOf(context, id)),
  users: (_, { ids }, context) => {
    const authorizer = authorize(context, 'Query.users');
    return (ids as unknown as readonly string[]).map((id) => person(authorizer, memberOf(context, id)));
  },
  node: (_, { id }, context) => {
    const ride = rideNumbered(context.store.seed, id ?? '');
    return ride === undefined ? person(authorize(context, 'Query.node'), memberOf(context, id)) : classOf(ride);
  },
  searchUsers: (_, { q, after }, context) => {
    const { store, region } = context;
    return people(authorize(context, 'Query.searchUsers.edges.node'), after, ({ limit, offset }) =>
      store.searchMembers(region, q ?? '', offset + limit).slice(offset),
    );
  },
  tag: (_, { tagName }) => {
    const tag = tagNamed(tagName ?? '');
    return tag === undefined ? null : { tag };
  },
  class: (_, { id }, { store }) => {
    const ride = rideNumbered(store.seed, id ?? '');
    return ride === undefined ? null : classOf(ride);
  },
  viewUserStack: (_, __, context) => stackOf(callerAt(context, 'Query.viewUserStack'), context),
};

const MUTATION: Readonly<Record<string, Resolve<undefined>>> = {
  follow: (_, { userId }, context) => {
    const { store } = context;
    const authorizer = authorize(context, 'Mutation.follow');
    const me = callerAt(context, 'Mutation.follow');
    const other = memberOf(context, userId);
    const rule = writeOf('Mutation.follow').fields['followers'];
    if (other === undefined || rule === undefined || other.deleted === 1 || other.key === me.key) return null;
    const atOnce = authorizer.decideWrite(rule, other) === 'apply';
    if (store.follow(other.key, me.key) !== 'following') store.setFollow(other.key, me.key, atOnce);
    return person(authorize(context, 'Query.user'), other);
  },
  addClassToStack: (_, { input }, context) => {
    const { store } = context;
    const me = callerAt(context, 'Mutation.addClassToStack');
    const ride = rideNumbered(store.seed, (input as unknown as { readonly classId: string }).classId);
    if (ride === undefined) return null;
    store.setExtra(me, { stack: [...stackIn(me), ride] });
    return stackOf(store.memberByKey(me.key) ?? me, context);
  },
};

const stackIn = (member: Member): readonly number[] => (extraOf(member)['stack'] ?? []) as readonly number[];

function stackOf(member: Member, context: GraphqlContext): { readonly classes: readonly Class[] } | null {
  if (!context.authorizer('Query.viewUserStack').releasesField('User', member, 'class_stack')) return null;
  return { classes: stackIn(member).map((ride) => classOf(ride)) };
}

/** Type → field → resolver; any other field is a property of its parent. */
export const RESOLVERS: Readonly<Record<string, Readonly<Record<string, Resolve<never>>>>> = {
  Query: QUERY,
  Mutation: MUTATION,
  User: USER,
  UserProtectedFields: PROTECTED_FIELDS,
  Tag: TAG,
  Class: CLASS,
};
