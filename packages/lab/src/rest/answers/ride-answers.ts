import type { Member } from '../../store/member.ts';
import type { Workout } from '../../store/store.ts';
import { FRIEND_ROW, STANDING_EFFORT, STANDING_USER } from '../../surface/rest-sights.ts';
import { rideNumbered } from '../../values/catalogue.ts';
import { userValue } from '../../values/user-values.ts';
import { type Answer, type Call, pageOf, refuse } from '../call.ts';
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

type Filter = (call: Call, rider: Member, me: Member) => boolean;

/**
 * What `filter` keeps of a page. A rider is compared by nothing that the door withholds from the caller: whose age is hidden is
 * in nobody's age group, or being on the list would tell it.
 */
const FILTERS: Readonly<Record<string, Filter>> = {
  just_me: (_, rider, me) => rider.key === me.key,
  following: ({ store }, rider, me) => store.follow(rider.key, me.key) === 'following',
  age_and_gender: (call, rider, me) =>
    call.gate.releasesObject('Workout', rider) &&
    ['age_range', 'gender'].every(
      (field) =>
        call.gate.releasesField('User', rider, field) && userValue(rider, field, call) === userValue(me, field, call),
    ),
};

/** Every rider keeps their rank; who is withheld leaves a row without a name. Nobody known is filtered by: their page is empty. */
const leaderboard: Answer = (call) => {
  const ride = rideAsked(call);
  if (ride === undefined) return undefined;
  const asked = call.argument('filter');
  const keeps = asked === null ? undefined : FILTERS[asked];
  if (asked !== null && keeps === undefined) {
    return refuse(400, 'BAD_FILTER', `filter: ${Object.keys(FILTERS).join(', ')}`);
  }
  const { offset } = pageOf(call);
  const me = call.principal?.member;
  const standings = ridersOf(call, ride).map((rider, place) => ({ rider, rank: offset + place + 1 }));
  const kept = standings.filter(
    ({ rider }) => keeps === undefined || (me !== undefined && keeps(call, rider.owner, me)),
  );
  return {
    data: kept.map(({ rider, rank }) => ({
      rank,
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
