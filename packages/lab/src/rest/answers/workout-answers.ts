import type { Region } from '../../rules/stages.ts';
import { type Member, regionOf } from '../../store/member.ts';
import type { Store, Workout } from '../../store/store.ts';
import { STATS_ROW, STATS_USER, WORKOUT_DETAIL, WORKOUT_LIST, WORKOUT_ROW } from '../../surface/rest-sights.ts';
import { type Answer, refuse } from '../call.ts';
import { listEntity, userEntity, workoutEntity } from '../entities.ts';
import { memberAsked, pageOf } from './user-answers.ts';

const MAX_BATCH = 200;

export interface Owned {
  readonly workout: Workout;
  readonly owner: Member;
}

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
  const ids = (body as { readonly ids?: unknown } | null)?.ids;
  if (!Array.isArray(ids) || ids.length > MAX_BATCH || !ids.every((id) => typeof id === 'string')) {
    return refuse(400, 'BAD_IDS', `ids: a list of at most ${MAX_BATCH} workout or user ids`);
  }
  const found = ids.flatMap((id: string) => ownedWorkout(store, region, id) ?? latestWorkout(store, region, id) ?? []);
  return {
    data: found.map(({ workout, owner }) =>
      workoutEntity(call, STATS_ROW, { workout, owner }, { user: userEntity(call, STATS_USER, owner) }),
    ),
  };
};

const list: Answer = (call) => {
  const owner = memberAsked(call);
  if (owner === undefined) return undefined;
  const { limit, page, offset } = pageOf(call);
  const total = call.store.workoutCount(owner.key);
  const page_count = Math.ceil(total / limit);
  const workouts = call.store.workoutsOf(owner.key, { limit, offset });
  const data = workouts.map((workout) => workoutEntity(call, WORKOUT_ROW, { workout, owner }));
  const plain = { data, count: data.length, page, page_count, show_next: page + 1 < page_count };
  return listEntity(WORKOUT_LIST, owner, { total }, plain);
};

const detail: Answer = (call) => {
  const found = ownedWorkout(call.store, call.region, call.path['id'] ?? '');
  return found && workoutEntity(call, WORKOUT_DETAIL, found);
};

export const WORKOUT_ANSWERS: Readonly<Record<string, Answer>> = {
  'POST /stats/workouts/details': details,
  'GET /api/user/{id}/workouts': list,
  'GET /api/workout/{id}': detail,
};
