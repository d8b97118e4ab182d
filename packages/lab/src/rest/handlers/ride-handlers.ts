import type { Member } from '../../store/member.ts';
import type { Workout } from '../../store/store.ts';
import { FRIEND_ROW, LEADERBOARD_WORKOUT, LEADERBOARD_USER } from '../../surface/rest-projections.ts';
import { rideNumbered } from '../../values/catalogue.ts';
import { userValue } from '../../values/user-values.ts';
import { type Handler, type Call, pageOf, refuse } from '../call.ts';
import { userEntity, workoutEntity } from '../entities.ts';

interface Rider {
  readonly owner: Member;
  readonly workout: Workout;
}

const rideInPath = ({ store, path }: Call): number | undefined => rideNumbered(store.seed, path['id'] ?? '');

/** One page of the riders, in the order of the table. */
function ridersOf(call: Call, ride: number): readonly Rider[] {
  const { store, region } = call;
  const { limit, offset } = pageOf(call);
  return store.membersOnRide(region, ride, { limit, offset }).flatMap((owner) => {
    const workout = store.workoutOnRide(owner.key, ride);
    return workout === undefined ? [] : [{ owner, workout }];
  });
}

type Filter = (call: Call, rider: Member, me: Member) => boolean;

/**
 * Which riders of a page `filter` keeps. Riders are compared by released fields only: a rider who hides their age is in no age
 * group, because their presence in the list would disclose it.
 */
const FILTERS: Readonly<Record<string, Filter>> = {
  just_me: (_, rider, me) => rider.key === me.key,
  following: ({ store }, rider, me) => store.follow(rider.key, me.key) === 'following',
  age_and_gender: (call, rider, me) =>
    call.authorizer.releasesObject('Workout', rider) &&
    ['age_range', 'gender'].every(
      (field) =>
        call.authorizer.releasesField('User', rider, field) &&
        userValue(rider, field, call) === userValue(me, field, call),
    ),
};

/** Every rider keeps their rank; a withheld rider is a row without a name. With a filter, the page of an anonymous caller is empty. */
const leaderboard: Handler = (call) => {
  const ride = rideInPath(call);
  if (ride === undefined) return undefined;
  const filter = call.queryParameter('filter');
  const keeps = filter === null ? undefined : FILTERS[filter];
  if (filter !== null && keeps === undefined) {
    return refuse(400, 'BAD_FILTER', `filter: ${Object.keys(FILTERS).join(', ')}`);
  }
  const { offset } = pageOf(call);
  const me = call.principal?.member;
  const standings = ridersOf(call, ride).map((rider, index) => ({ rider, rank: offset + index + 1 }));
  const kept = standings.filter(
    ({ rider }) => keeps === undefined || (me !== undefined && keeps(call, rider.owner, me)),
  );
  return {
    data: kept.map(({ rider, rank }) => ({
      rank,
      workout: workoutEntity(call, LEADERBOARD_WORKOUT, rider),
      user: userEntity(call, LEADERBOARD_USER, rider.owner),
    })),
  };
};

const friendsOnRide: Handler = (call) => {
  const ride = rideInPath(call);
  const me = call.principal?.member;
  if (ride === undefined || me === undefined) return ride === undefined ? undefined : { data: [] };
  const riders = ridersOf(call, ride).filter(({ owner }) => call.store.follow(owner.key, me.key) === 'following');
  return { data: riders.map((rider) => workoutEntity(call, FRIEND_ROW, rider)) };
};

const reserve: Handler = (call) => {
  const ride = rideInPath(call);
  if (ride === undefined || call.principal?.member === undefined) return undefined;
  return { status: 'reserved' };
};

export const RIDE_HANDLERS: Readonly<Record<string, Handler>> = {
  'GET /api/ride/{id}/leaderboard': leaderboard,
  'GET /api/ride/{id}/recent_following_workouts': friendsOnRide,
  'POST /api/ride/{id}/reservation': reserve,
};
