import { hexId, pick, seededHash } from '../people/seeded-hash.ts';
import { CAST_WITH_ACCOUNTS } from '../people/cast.ts';
import type { Region } from '../rules/stage.ts';
import { memberId, RIDES } from '../store/populate.ts';

/** Public data, the same for every caller. */
export type Ride = Readonly<Record<'id' | 'title' | 'fitness_discipline' | 'instructor_id', string>>;

const DISCIPLINES = ['cycling', 'running', 'strength', 'yoga'];
const INSTRUCTORS = ['Ivan Orrel', 'Maro Quist', 'Nell Tarrow', 'Oda Finch', 'Perrin Vale'];

export function rideOf(seed: number, ride: number): Ride {
  const fitness_discipline = pick(DISCIPLINES, ride);
  return {
    id: hexId(seed, 71, ride),
    title: `${20 + (ride % 4) * 10} min ${fitness_discipline} #${ride}`,
    fitness_discipline,
    instructor_id: instructorId(seed, ride),
  };
}

/** The number of the ride with that id. */
export function rideNumbered(seed: number, id: string): number | undefined {
  for (let ride = 0; ride < RIDES; ride++) if (rideOf(seed, ride).id === id) return ride;
  return undefined;
}

export const instructorId = (seed: number, ride: number): string => hexId(seed, 72, ride % INSTRUCTORS.length);

/** Published profiles. The `user_id` of the first is that of `ivan`, a member with a private profile. */
export function instructorsOf(seed: number, region: Region): readonly Readonly<Record<string, string>>[] {
  const ivan = CAST_WITH_ACCOUNTS.findIndex((castMember) => castMember.role === 'instructor');
  return INSTRUCTORS.map((name, place) => ({
    id: hexId(seed, 72, place),
    user_id: memberId(seed, region, place === 0 ? ivan : 40 + place),
    name,
    bio: `${name} teaches ${pick(DISCIPLINES, seededHash(seed, place, 73))} at Cadence.`,
    image_url: `http://images.lab.test/instructor/${place}.png`,
  }));
}
