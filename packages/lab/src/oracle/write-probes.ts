import type { ProbeRequest, ProbeResponse } from '../traffic/probe.ts';
import type { OwnerIds } from '../traffic/cast-directory.ts';

/** What the read-back returned before and after the write. */
interface ReadBack {
  readonly now: ProbeResponse;
  readonly before: ProbeResponse;
}

/** How a writing operation is tried on an owner, and how its effect is read back, whatever the response says. */
export interface WriteProbe {
  /** A request that sets every field to values that identify the owner. */
  write(owner: OwnerIds): ProbeRequest;
  /** Who reads the effect back; default: the owner. */
  readonly readAs?: (owner: OwnerIds, viewer: string) => string;
  /** The effect is read back from the internal service. */
  readonly internal?: true;
  read(owner: OwnerIds, viewer: OwnerIds): ProbeRequest;
  /** Whether the field has the value that was written. */
  tookEffect(field: string, owner: OwnerIds, read: ReadBack): boolean;
}

const fieldsIn = ({ body }: ProbeResponse): Readonly<Record<string, unknown>> =>
  (body ?? {}) as Record<string, unknown>;
const mark = (owner: OwnerIds): string => `mark-of-${owner.name}`;
/** A weight that no member has, different for each owner. */
const weightFor = (owner: OwnerIds): number => 300 + (Number.parseInt(owner.userId.slice(0, 6), 16) % 100_000) / 1000;

const isFollowed = (owner: OwnerIds, response: ProbeResponse): boolean =>
  (fieldsIn(response)['answers'] as Readonly<Record<string, boolean>> | undefined)?.[owner.userId] === true;

const follows: Pick<WriteProbe, 'internal' | 'read' | 'tookEffect'> = {
  internal: true,
  read: (owner, viewer) => ({
    method: 'POST',
    path: '/lookup',
    body: { ask: 'follower', principal: { kind: 'member', id: viewer.userId }, owners: [owner.userId] },
  }),
  // The same id may belong to another member of this region, who follows already.
  tookEffect: (_, owner, { now, before }) => isFollowed(owner, now) && !isFollowed(owner, before),
};

export const WRITE_PROBES: Readonly<Record<string, WriteProbe>> = {
  'PUT /api/user/{id}/settings': {
    write: ({ userId }) => ({
      method: 'PUT',
      path: `/api/user/${userId}/settings`,
      body: {
        privacy: {
          is_profile_private: false,
          age: false,
          gender: false,
          workout_maps_private: true,
          hide_from_search: true,
        },
      },
    }),
    read: ({ userId }) => ({ method: 'GET', path: `/api/user/${userId}/settings` }),
    tookEffect: (field, _, { now }) => {
      const wanted = field === 'workout_maps_private' || field === 'hide_from_search';
      return (fieldsIn(now)['privacy'] as Record<string, boolean>)[field] === wanted;
    },
  },
  'PUT /api/user/{id}': {
    write: (owner) => ({
      method: 'PUT',
      path: `/api/user/${owner.userId}`,
      body: {
        location: mark(owner),
        gender: mark(owner),
        weight: weightFor(owner),
        member_groups: [mark(owner)],
        created_country: mark(owner),
      },
    }),
    read: () => ({ method: 'GET', path: '/api/me' }),
    tookEffect: (field, owner, { now }) => {
      const value = fieldsIn(now)[field];
      return field === 'weight' ? value === weightFor(owner) : JSON.stringify(value).includes(mark(owner));
    },
  },
  'DELETE /api/workout/{id}': {
    write: ({ workoutIds }) => ({ method: 'DELETE', path: `/api/workout/${workoutIds[0]}` }),
    read: ({ userId }) => ({ method: 'GET', path: `/api/user/${userId}/workouts?limit=50` }),
    tookEffect: (_, { workoutIds }, { now }) => !JSON.stringify(now.body).includes(workoutIds[0] ?? ''),
  },
  'POST /api/user/change_relationship': {
    ...follows,
    write: ({ userId }) => ({
      method: 'POST',
      path: '/api/user/change_relationship',
      body: { user_id: userId, action: 'follow' },
    }),
  },
  'Mutation.follow': {
    ...follows,
    write: ({ userId }) => ({
      method: 'POST',
      path: '/graphql',
      body: { query: 'mutation F($id: ID!) { follow(userId: $id) { id } }', variables: { id: userId } },
    }),
  },
  'POST /admin/user/{id}/suspend': {
    write: ({ userId }) => ({ method: 'POST', path: `/admin/user/${userId}/suspend` }),
    read: () => ({ method: 'GET', path: '/api/me' }),
    tookEffect: (_, __, { now }) => now.status !== 200,
  },
  'POST /api/organization/{org}/challenges': {
    write: (org) => ({ method: 'POST', path: `/api/organization/${org.name}/challenges`, body: { title: mark(org) } }),
    readAs: (org, viewer) => `${org.name === 'northwind' ? 'ada' : 'otto'}${viewer}`,
    read: (org) => ({ method: 'GET', path: `/api/organization/${org.name}/challenges` }),
    tookEffect: (_, org, { now }) => JSON.stringify(now.body).includes(mark(org)),
  },
};
