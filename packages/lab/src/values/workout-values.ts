import { hexId, scramble } from '../people/scramble.ts';
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
  leaderboard_rank: (workout, _, seed) => 1 + (scramble(seed, workout.key, 62) % 5000),
  is_in_studio: (workout, _, seed) => scramble(seed, workout.key, 63) % 9 === 0,
  device_type: () => 'cadence_bike',
  timezone: (_, owner) => (owner.region === 0 ? 'America/New_York' : 'Europe/London'),
  achievement_templates: (workout, _, seed) => [{ id: hexId(seed, 64, workout.key) }],
  average_effort_score: (workout, _, seed) => (scramble(seed, workout.key, 65) % 1000) / 10,
  ftp_info: (workout, _, seed) => ({
    ftp: 90 + (scramble(seed, workout.key, 66) % 250),
    ftp_source: 'ftp_manual_source',
  }),
  strava_id: (workout, _, seed) => `strava-${hexId(seed, 67, workout.key)}`,
  fitbit_id: (workout, _, seed) => `fitbit-${hexId(seed, 68, workout.key)}`,
};

/** The value of one field of a workout, by the name MEANING gives it. */
export function workoutValue(workout: Workout, owner: Member, field: string, store: Store): Tree {
  const value = WORKOUT_VALUES[field];
  if (value === undefined) throw new Error(`the lab has no value for Workout.${field}`);
  return value(workout, owner, store.seed);
}
