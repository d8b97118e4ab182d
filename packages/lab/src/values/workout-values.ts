import { distinctBelow, hexId, seededHash } from '../people/seeded-hash.ts';
import type { Tree } from '../rest/render.ts';
import type { Member } from '../store/member.ts';
import type { Store, Workout } from '../store/store.ts';
import { instructorId, rideOf } from './catalogue.ts';

type Value = (workout: Workout, owner: Member, seed: number) => Tree;

const WORKOUT_VALUES: Readonly<Record<string, Value>> = {
  id: (workout) => workout.id,
  user_id: (_, owner) => owner.id,
  created_at: (workout) => workout.created_at,
  start_time: (workout) => workout.created_at + 60,
  fitness_discipline: (workout) => rideOf(0, workout.ride).fitness_discipline,
  status: () => 'COMPLETE',
  cadence_id: (workout, _, seed) => hexId(seed, 61, workout.key),
  ride_id: (workout, _, seed) => rideOf(seed, workout.ride).id,
  instructor_id: (workout, _, seed) => instructorId(seed, workout.ride),
  total_work: (workout) => workout.total_work,
  leaderboard_rank: (workout, _, seed) => 1 + (seededHash(seed, workout.key, 62) % 5000),
  is_in_studio: (workout, _, seed) => seededHash(seed, workout.key, 63) % 9 === 0,
  device_type: () => 'cadence_bike',
  timezone: (_, owner) => (owner.region === 0 ? 'America/New_York' : 'Europe/London'),
  achievement_templates: (workout, _, seed) => [{ id: hexId(seed, 64, workout.key) }],
  average_effort_score: (workout, _, seed) => (seededHash(seed, workout.key, 65) % 1000) / 10,
  ftp_info: (workout, _, seed) => ({
    ftp: 90 + (seededHash(seed, workout.key, 66) % 250),
    ftp_source: 'ftp_manual_source',
  }),
  strava_id: (workout, _, seed) => `strava-${hexId(seed, 67, workout.key)}`,
  fitbit_id: (workout, _, seed) => `fitbit-${hexId(seed, 68, workout.key)}`,
};

/** Coordinates of a route, different for every workout. */
const trackOf: Value = ({ key }, _, seed) =>
  [0, 1, 2].map((step) => ({
    latitude: 40 + distinctBelow(60_466_169, key) / 100_000_000 + step / 1000,
    longitude: -70 - (seededHash(seed, key, 69) % 1_000_000) / 1_000_000 - step / 1000,
  }));

const GRAPH_VALUES: Readonly<Record<string, Value>> = {
  workout_id: (workout) => workout.id,
  user_id: (_, owner) => owner.id,
  duration: (workout, _, seed) => 600 + (seededHash(seed, workout.key, 75) % 3000),
  metrics: (workout, _, seed) => [{ slug: 'output', average: seededHash(seed, workout.key, 76) % 400 }],
  effort_zones: (workout, _, seed) => ({ total_effort_points: (seededHash(seed, workout.key, 77) % 900) / 10 }),
  splits: (workout, _, seed) => [{ distance: 1, seconds: 200 + (seededHash(seed, workout.key, 78) % 200) }],
  heart_rate: (workout, owner, seed) => ({
    average: 90 + (seededHash(seed, workout.key, 79) % 80),
    max: 220 - owner.age,
    samples: [seededHash(seed, workout.key, 80) % 1_000_000],
  }),
  coordinates: (workout, owner, seed) => [{ coordinates: trackOf(workout, owner, seed) }],
};

export interface OwnedWorkout {
  readonly workout: Workout;
  readonly owner: Member;
}

/** The value of one field of a workout's performance graph. */
export function graphValue({ workout, owner }: OwnedWorkout, field: string, store: Store): Tree {
  const value = GRAPH_VALUES[field];
  if (value === undefined) throw new Error(`the lab has no value for PerformanceGraph.${field}`);
  return value(workout, owner, store.seed);
}

/** The value of one field of a workout, by its name in the policy. */
export function workoutValue({ workout, owner }: OwnedWorkout, field: string, store: Store): Tree {
  const value = WORKOUT_VALUES[field];
  if (value === undefined) throw new Error(`the lab has no value for Workout.${field}`);
  return value(workout, owner, store.seed);
}
