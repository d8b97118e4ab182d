import type { ProbeRequest, ProbeResponse } from '../traffic/probe.ts';
import type { OwnerIds } from '../traffic/world.ts';
import { describeCell } from './describe-cell.ts';
import type { OracleCell } from './oracle.ts';
import type { Walk } from './walk-reads.ts';

/** How one writing operation is tried on an owner, and how its effect is seen, whatever it answered. */
interface WriteTry {
  /** One request that sets every field, to values that name the owner. */
  write(owner: OwnerIds): ProbeRequest;
  /** Whose eyes show the effect; by default the owner's own. */
  readonly witness?: (owner: OwnerIds, viewer: string) => string;
  /** A question to the back end in place of a request through a door. */
  readonly back?: true;
  look(owner: OwnerIds, viewer: OwnerIds): ProbeRequest;
  /** Whether the field shows what was written. `before` is what the same look showed at first. */
  shows(field: string, owner: OwnerIds, now: ProbeResponse, before: ProbeResponse): boolean;
}

const fieldsIn = (got: ProbeResponse): Readonly<Record<string, unknown>> => (got.body ?? {}) as Record<string, unknown>;
const mark = (owner: OwnerIds): string => `mark-of-${owner.name}`;
/** A weight that nobody has, another for each owner. */
const weightFor = (owner: OwnerIds): number => 300 + (Number.parseInt(owner.userId.slice(0, 6), 16) % 100_000) / 1000;

const isFollowed = (owner: OwnerIds, got: ProbeResponse): boolean =>
  (fieldsIn(got)['answers'] as Readonly<Record<string, boolean>> | undefined)?.[owner.userId] === true;

const follows: Pick<WriteTry, 'back' | 'look' | 'shows'> = {
  back: true,
  look: (owner, viewer) => ({
    method: 'POST',
    path: '/lookup',
    body: { ask: 'follower', principal: { kind: 'member', id: viewer.userId }, owners: [owner.userId] },
  }),
  // The same id may be somebody else in this region, who follows already.
  shows: (_, owner, now, before) => isFollowed(owner, now) && !isFollowed(owner, before),
};

const TRIES: Readonly<Record<string, WriteTry>> = {
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
    look: ({ userId }) => ({ method: 'GET', path: `/api/user/${userId}/settings` }),
    shows: (field, _, now) => {
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
    look: () => ({ method: 'GET', path: '/api/me' }),
    shows: (field, owner, now) => {
      const value = fieldsIn(now)[field];
      return field === 'weight' ? value === weightFor(owner) : JSON.stringify(value).includes(mark(owner));
    },
  },
  'DELETE /api/workout/{id}': {
    write: ({ workoutIds }) => ({ method: 'DELETE', path: `/api/workout/${workoutIds[0]}` }),
    look: ({ userId }) => ({ method: 'GET', path: `/api/user/${userId}/workouts?limit=50` }),
    shows: (_, { workoutIds }, now) => !JSON.stringify(now.body).includes(workoutIds[0] ?? ''),
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
    look: () => ({ method: 'GET', path: '/api/me' }),
    shows: (_, __, now) => now.status !== 200,
  },
  'POST /api/organization/{org}/challenges': {
    write: (org) => ({ method: 'POST', path: `/api/organization/${org.name}/challenges`, body: { title: mark(org) } }),
    witness: (org, viewer) => `${org.name === 'northwind' ? 'ada' : 'otto'}${viewer}`,
    look: (org) => ({ method: 'GET', path: `/api/organization/${org.name}/challenges` }),
    shows: (_, org, now) => JSON.stringify(now.body).includes(mark(org)),
  },
};

/** Settings are all turned before the walk, so that every one of them can be seen to change. */
const TURNED = {
  is_profile_private: true,
  age: true,
  gender: true,
  workout_maps_private: false,
  hide_from_search: false,
};

/**
 * Tries every cell that is written by plain HTTP and looks with the owner's own eyes what became of it, whatever was answered;
 * says where it went otherwise than the oracle has it. Undoes everything it did.
 */
export async function walkWrites(walk: Walk, cells: readonly OracleCell[]): Promise<string[]> {
  const wrong: string[] = [];
  const rounds = new Map<string, OracleCell[]>();
  for (const cell of cells) {
    if (cell.kind === 'read') continue;
    const key = `${cell.host} ${cell.operation} ${cell.viewer}`;
    rounds.set(key, [...(rounds.get(key) ?? []), cell]);
  }
  for (const round of rounds.values()) wrong.push(...(await walkRound(walk, round)));
  return wrong;
}

/** One viewer at one door: everybody else is tried first and the viewer's own last, so that what is misdirected shows. */
async function walkRound(walk: Walk, cells: readonly OracleCell[]): Promise<string[]> {
  const { lab, visitor, world } = walk;
  const [first] = cells;
  const attempt = first && TRIES[first.operation];
  if (first === undefined || attempt === undefined) throw new Error(`no try is known for ${first?.operation}`);
  const region = first.host.includes('.us.') ? 'us' : 'uk';
  const viewer = world.idsOf(first.viewer);
  const names = [...new Set(cells.map(({ owner }) => owner))];
  const look = async (name: string): Promise<ProbeResponse> => {
    const owner = world.idsOf(name);
    const asked = attempt.look(owner, viewer);
    if (attempt.back) return walk.back.ask(`internal.${region}.lab.test`, asked);
    const eyes = attempt.witness?.(owner, region === 'us' ? '' : `_${region}`) ?? name;
    return visitor.ask(`api.${region}.lab.test`, asked, world.credentialsOf(eyes));
  };
  if (first.operation.endsWith('settings')) await turnSettings(walk, names, region);
  const before = await inOrder(names, look);
  const write = (name: string): Promise<ProbeResponse> =>
    visitor.ask(first.host, attempt.write(world.idsOf(name)), world.credentialsOf(first.viewer));
  await Promise.all(names.filter((name) => name !== first.viewer).map(write));
  if (names.includes(first.viewer)) await write(first.viewer);
  const after = await inOrder(names, look);
  lab.reset();
  return cells.flatMap((cell) => {
    const [now, was] = [after.get(cell.owner), before.get(cell.owner)];
    if (now === undefined || was === undefined) return [describeCell(cell, 'not looked at')];
    const took = attempt.shows(cell.field, world.idsOf(cell.owner), now, was);
    return took === cell.released ? [] : [describeCell(cell, took ? 'it took effect' : 'it took none')];
  });
}

async function turnSettings({ visitor, world }: Walk, names: readonly string[], region: string): Promise<void> {
  await Promise.all(
    names.map((name) =>
      visitor.ask(
        `api.${region}.lab.test`,
        { method: 'PUT', path: `/api/user/${world.idsOf(name).userId}/settings`, body: { privacy: TURNED } },
        world.credentialsOf(name),
      ),
    ),
  );
}

async function inOrder(
  names: readonly string[],
  look: (name: string) => Promise<ProbeResponse>,
): Promise<Map<string, ProbeResponse>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await look(name)] as const)));
}
