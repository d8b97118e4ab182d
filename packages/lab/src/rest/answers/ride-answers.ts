import type { Member } from '../../store/member.ts';
import type { Workout } from '../../store/store.ts';
import { FRIEND_ROW, STANDING_EFFORT, STANDING_USER } from '../../surface/rest-sights.ts';
import { rideNumbered } from '../../values/catalogue.ts';
import { type Answer, type Call, pageOf } from '../call.ts';
import { userEntity, workoutEntity } from '../entities.ts';

interface Rider {
  readonly owner: Member;
  readonly workout: Workout;
}

const rideAsked = ({ store, path }: Call): number | undefined => rideNumbered(store.seed, path['id'] ?? '');

/** Who rode it, in the order of the table: a page at a time. */
function ridersOf(call: Call, ride: number): readonly Rider[] {
  const { store, region } = call;
  const { limit, offset } = pageOf(call);
  return store.membersOnRide(region, ride, { limit, offset }).flatMap((owner) => {
    const workout = store.workoutOnRide(owner.key, ride);
    return workout === undefined ? [] : [{ owner, workout }];
  });
}

/** Every rider keeps their rank; who is withheld leaves a row without a name. `filter` is the app's, and grants nothing. */
const leaderboard: Answer = (call) => {
  const ride = rideAsked(call);
  if (ride === undefined) return undefined;
  const { offset } = pageOf(call);
  const justMe = call.argument('filter') === 'just_me';
  const riders = ridersOf(call, ride).filter(({ owner }) => !justMe || owner.key === call.principal?.member?.key);
  return {
    data: riders.map((rider, place) => ({
      rank: offset + place + 1,
      workout: workoutEntity(call, STANDING_EFFORT, rider),
      user: userEntity(call, STANDING_USER, rider.owner),
    })),
  };
};

const friendsOnRide: Answer = (call) => {
  const ride = rideAsked(call);
  const me = call.principal?.member;
  if (ride === undefined || me === undefined) return ride === undefined ? undefined : { data: [] };
  const riders = ridersOf(call, ride).filter(({ owner }) => call.store.follow(owner.key, me.key) === 'following');
  return { data: riders.map((rider) => workoutEntity(call, FRIEND_ROW, rider)) };
};

const reserve: Answer = (call) => {
  const ride = rideAsked(call);
  if (ride === undefined || call.principal?.member === undefined) return undefined;
  return { status: 'reserved' };
};

export const RIDE_ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/ride/{id}/leaderboard': leaderboard,
  'GET /api/ride/{id}/recent_following_workouts': friendsOnRide,
  'POST /api/ride/{id}/reservation': reserve,
};
