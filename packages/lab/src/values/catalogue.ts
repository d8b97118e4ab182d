import { hexId, pick, scramble } from '../people/scramble.ts';
import { MEMBER_PARTS } from '../people/cast.ts';
import type { Region } from '../rules/stages.ts';
import { memberId, RIDES } from '../store/populate.ts';

/** What Cadence sells: public, the same for everybody, and nobody's personal data but the instructors' published own. */
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

/** The ride of that id; there are few, and they are nobody's. */
export function rideNumbered(seed: number, id: string): number | undefined {
  for (let ride = 0; ride < RIDES; ride++) if (rideOf(seed, ride).id === id) return ride;
  return undefined;
}

export const instructorId = (seed: number, ride: number): string => hexId(seed, 72, ride % INSTRUCTORS.length);

/** Published on purpose. The first one's `user_id` is the private member `ivan`. */
export function instructorsOf(seed: number, region: Region): readonly Readonly<Record<string, string>>[] {
  const ivan = MEMBER_PARTS.findIndex((part) => part.role === 'instructor');
  return INSTRUCTORS.map((name, place) => ({
    id: hexId(seed, 72, place),
    user_id: memberId(seed, region, place === 0 ? ivan : 40 + place),
    name,
    bio: `${name} teaches ${pick(DISCIPLINES, scramble(seed, place, 73))} at Cadence.`,
    image_url: `http://images.lab.test/instructor/${place}.png`,
  }));
}
