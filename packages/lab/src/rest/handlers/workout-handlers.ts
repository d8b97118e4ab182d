import type { Region } from '../../rules/stage.ts';
import { regionOf } from '../../store/member.ts';
import type { Store } from '../../store/store.ts';
import {
  GRAPH,
  JOINED_USER,
  STATS_ROW,
  STATS_USER,
  WORKOUT_DETAIL,
  WORKOUT_LIST,
  WORKOUT_ROW,
} from '../../surface/rest-projections.ts';
import { instructorId, rideOf } from '../../values/catalogue.ts';
import type { OwnedWorkout } from '../../values/workout-values.ts';
import { type Handler, type Call, fieldsOf, memberInPath, numberOf, pageOf, refuse } from '../call.ts';
import { graphEntity, listEntity, userEntity, workoutEntity } from '../entities.ts';
import type { Tree } from '../render.ts';

const MAX_BATCH = 200;

/** A workout of this region with its owner. */
export function ownedWorkout(store: Store, region: Region, id: string): OwnedWorkout | undefined {
  const workout = store.workoutById(id);
  const owner = workout && store.memberByKey(workout.owner);
  return workout !== undefined && owner !== undefined && regionOf(owner) === region ? { workout, owner } : undefined;
}

/** The latest workout of a user. A user id is accepted in the place of a workout id, since the incident reports differ on which was used. */
function latestWorkout(store: Store, region: Region, userId: string): OwnedWorkout | undefined {
  const owner = store.memberById(region, userId);
  const workout = owner && store.workoutsOf(owner.key, { limit: 1, offset: 0 })[0];
  return owner !== undefined && workout !== undefined ? { workout, owner } : undefined;
}

const details: Handler = (call) => {
  const { store, region, body } = call;
  const { ids } = fieldsOf(body);
  if (!Array.isArray(ids) || ids.length > MAX_BATCH || !ids.every((id) => typeof id === 'string')) {
    return refuse(400, 'BAD_IDS', `ids: a list of at most ${MAX_BATCH} workout or user ids`);
  }
  const found = ids.flatMap((id: string) => ownedWorkout(store, region, id) ?? latestWorkout(store, region, id) ?? []);
  return {
    data: found.map((each) =>
      workoutEntity(call, STATS_ROW, { ...each, extra: { user: userEntity(call, STATS_USER, each.owner) } }),
    ),
  };
};

/** Objects that `joins=` adds to a row, each under its own rules. */
const JOINS: Readonly<Record<string, (call: Call, owned: OwnedWorkout) => Readonly<Record<string, Tree>>>> = {
  user: (call, { owner }) => ({ user: userEntity(call, JOINED_USER, owner) }),
  ride: ({ store }, { workout }) => ({ ride: { ...rideOf(store.seed, workout.ride) } }),
  'ride.instructor': ({ store }, { workout }) => ({ instructor: { id: instructorId(store.seed, workout.ride) } }),
};

/** Seconds since 1970, later than any workout. */
const LATEST = 0xffff_ffff;

/** `from` and `to` are in seconds since 1970; `total` and the page count are those of the whole list. */
const list: Handler = (call) => {
  const owner = memberInPath(call);
  if (owner === undefined) return undefined;
  const { limit, page, offset } = pageOf(call);
  const joins = (call.queryParameter('joins') ?? '').split(',').flatMap((name) => JOINS[name] ?? []);
  const total = call.store.workoutCount(owner.key);
  const page_count = Math.ceil(total / limit);
  const span = {
    from: numberOf(call, 'from', { fallback: 0, max: LATEST }),
    to: numberOf(call, 'to', { fallback: LATEST, max: LATEST }),
  };
  const oldestFirst = call.queryParameter('sort_by') === 'created_at';
  const rows = call.store.workoutsBetween(owner.key, { ...span, oldestFirst }, { limit, offset });
  const data = rows.map((workout) => {
    const owned = { workout, owner };
    const extra = Object.assign({}, ...joins.map((join) => join(call, owned))) as Readonly<Record<string, Tree>>;
    return workoutEntity(call, WORKOUT_ROW, { ...owned, extra });
  });
  const extra = { data, count: data.length, page, page_count, show_next: page + 1 < page_count };
  return listEntity(WORKOUT_LIST, owner, { fields: { total }, extra });
};

const detail: Handler = (call) => {
  const found = ownedWorkout(call.store, call.region, call.path['id'] ?? '');
  return found && workoutEntity(call, WORKOUT_DETAIL, found);
};

const graph: Handler = (call) => {
  const found = ownedWorkout(call.store, call.region, call.path['id'] ?? '');
  return (
    found &&
    graphEntity(call, GRAPH, { ...found, extra: { every_n: numberOf(call, 'every_n', { fallback: 5, max: 600 }) } })
  );
};

export const WORKOUT_HANDLERS: Readonly<Record<string, Handler>> = {
  'POST /stats/workouts/details': details,
  'GET /api/user/{id}/workouts': list,
  'GET /api/workout/{id}': detail,
  'GET /api/workout/{id}/performance_graph': graph,
};
