import { hexId } from '../people/seeded-hash.ts';
import { RIDES } from '../store/populate.ts';
import { instructorId, instructorsOf } from '../values/catalogue.ts';
import { tagName } from '../values/tags.ts';
import { authorize } from './graphql-context.ts';
import { people } from './people.ts';
import type { Resolve } from './resolve.ts';

export interface Class {
  readonly __typename: 'Class';
  readonly ride: number;
}
export const classOf = (ride: number): Class => ({ __typename: 'Class', ride });

export const CLASS: Readonly<Record<string, Resolve<Class>>> = {
  id: ({ ride }, _, { store }) => hexId(store.seed, 71, ride),
  joinToken: ({ ride }, _, { store, principal }) => (principal === undefined ? null : hexId(store.seed, 74, ride)),
  instructor: ({ ride }, _, { store, region }) => {
    const found = instructorsOf(store.seed, region).find(({ id }) => id === instructorId(store.seed, ride));
    return found && { id: found['id'], name: found['name'], userId: found['user_id'] };
  },
  attendees: ({ ride }, { after }, context) => {
    const authorizer = authorize(context, 'Query.class.attendees.edges.node');
    return people(authorizer, after, (window) => context.store.membersOnRide(context.region, ride % RIDES, window));
  },
};

export const TAG: Readonly<Record<string, Resolve<{ readonly tag: number }>>> = {
  name: ({ tag }) => tagName(tag),
  followingCount: ({ tag }, _, { store, region }) => store.countTagged(region, tag),
  users: ({ tag }, { after }, context) => {
    const authorizer = authorize(context, 'Query.tag.users.edges.node');
    return people(authorizer, after, (window) => context.store.membersTagged(context.region, tag, window));
  },
};
