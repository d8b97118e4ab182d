import type { Region } from '../../rules/stages.ts';
import { type Member, regionOf } from '../../store/member.ts';
import type { Store, Workout } from '../../store/store.ts';
import {
  GRAPH,
  JOINED_USER,
  STATS_ROW,
  STATS_USER,
  WORKOUT_DETAIL,
  WORKOUT_LIST,
  WORKOUT_ROW,
} from '../../surface/rest-sights.ts';
import { instructorId, rideOf } from '../../values/catalogue.ts';
import { type Answer, type Call, fieldsOf, memberAsked, numberOf, pageOf, refuse } from '../call.ts';
import { graphEntity, listEntity, userEntity, workoutEntity } from '../entities.ts';
import type { Tree } from '../render.ts';

const MAX_BATCH = 200;

export interface Owned {
  readonly workout: Workout;
  readonly owner: Member;
}

/** A workout of this region with its owner. */
export function ownedWorkout(store: Store, region: Region, id: string): Owned | undefined {
  const workout = store.workoutById(id);
  const owner = workout && store.memberByKey(workout.owner);
  return workout !== undefined && owner !== undefined && regionOf(owner) === region ? { workout, owner } : undefined;
}

/** A user's id stands for their latest workout: both readings of the record are served. */
function latestWorkout(store: Store, region: Region, userId: string): Owned | undefined {
  const owner = store.memberById(region, userId);
  const workout = owner && store.workoutsOf(owner.key, { limit: 1, offset: 0 })[0];
  return owner !== undefined && workout !== undefined ? { workout, owner } : undefined;
}

const details: Answer = (call) => {
  const { store, region, body } = call;
  const { ids } = fieldsOf(body);
  if (!Array.isArray(ids) || ids.length > MAX_BATCH || !ids.every((id) => typeof id === 'string')) {
    return refuse(400, 'BAD_IDS', `ids: a list of at most ${MAX_BATCH} workout or user ids`);
  }
  const found = ids.flatMap((id: string) => ownedWorkout(store, region, id) ?? latestWorkout(store, region, id) ?? []);
  return {
    data: found.map((each) => workoutEntity(call, STATS_ROW, each, { user: userEntity(call, STATS_USER, each.owner) })),
  };
};

/** What `joins=` may add to a row, each by its own rules. */
const JOINS: Readonly<Record<string, (call: Call, owned: Owned) => Readonly<Record<string, Tree>>>> = {
  user: (call, { owner }) => ({ user: userEntity(call, JOINED_USER, owner) }),
  ride: ({ store }, { workout }) => ({ ride: { ...rideOf(store.seed, workout.ride) } }),
  'ride.instructor': ({ store }, { workout }) => ({ instructor: { id: instructorId(store.seed, workout.ride) } }),
};

/** Seconds since 1970 beyond which nobody has trained. */
const LATEST = 0xffff_ffff;

/** `from` and `to` are seconds since 1970; `total` and the pages are those of the whole list. */
const list: Answer = (call) => {
  const owner = memberAsked(call);
  if (owner === undefined) return undefined;
  const { limit, page, offset } = pageOf(call);
  const joins = (call.argument('joins') ?? '').split(',').flatMap((name) => JOINS[name] ?? []);
  const total = call.store.workoutCount(owner.key);
  const page_count = Math.ceil(total / limit);
  const span = { from: numberOf(call, 'from', 0, LATEST), to: numberOf(call, 'to', LATEST, LATEST) };
  const oldestFirst = call.argument('sort_by') === 'created_at';
  const rows = call.store.workoutsBetween(owner.key, { ...span, oldestFirst }, { limit, offset });
  const data = rows.map((workout) => {
    const owned = { workout, owner };
    return workoutEntity(call, WORKOUT_ROW, owned, Object.assign({}, ...joins.map((join) => join(call, owned))));
  });
  const plain = { data, count: data.length, page, page_count, show_next: page + 1 < page_count };
  return listEntity(WORKOUT_LIST, owner, { total }, plain);
};

const detail: Answer = (call) => {
  const found = ownedWorkout(call.store, call.region, call.path['id'] ?? '');
  return found && workoutEntity(call, WORKOUT_DETAIL, found);
};

const graph: Answer = (call) => {
  const found = ownedWorkout(call.store, call.region, call.path['id'] ?? '');
  return found && graphEntity(call, GRAPH, found, { every_n: numberOf(call, 'every_n', 5, 600) });
};

export const WORKOUT_ANSWERS: Readonly<Record<string, Answer>> = {
  'POST /stats/workouts/details': details,
  'GET /api/user/{id}/workouts': list,
  'GET /api/workout/{id}': detail,
  'GET /api/workout/{id}/performance_graph': graph,
};
