import { distinctBelow, hexId, pick, seededHash } from './seeded-hash.ts';

/** Values of a member that are stored and may change; `secretsOf` computes the rest. */
export interface Profile {
  readonly username: string;
  readonly location: string;
  readonly age: number;
  readonly gender: string;
  readonly weight: number;
  readonly height: number;
}

/** A prime above 20 million and 36^5, so that `distinctBelow` gives every key a value of its own. */
const DISTINCT_VALUES = 60_466_169;
const GENDERS = ['female', 'male', 'nonbinary'];
const MANNERS = [
  'quiet',
  'amber',
  'brisk',
  'cobalt',
  'early',
  'fern',
  'grand',
  'humble',
  'ivory',
  'jolly',
  'keen',
  'lunar',
];
const CREATURES = [
  'heron',
  'otter',
  'lynx',
  'finch',
  'bison',
  'gecko',
  'moth',
  'newt',
  'orca',
  'plover',
  'raven',
  'stoat',
];
const FIRST_NAMES = [
  'Avo',
  'Bexi',
  'Calu',
  'Dorin',
  'Elko',
  'Fenna',
  'Gavri',
  'Hesta',
  'Ilmo',
  'Juna',
  'Kelo',
  'Lirra',
];

/** The profile for a key. Location and weight are unique to the key; age and gender cannot be. */
export function profileOf(seed: number, key: number): Profile {
  const distinct = distinctBelow(DISTINCT_VALUES, key);
  return {
    username: `${pick(MANNERS, seededHash(seed, key, 11))}_${pick(CREATURES, seededHash(seed, key, 12))}_${key.toString(36)}`,
    location: `Town-${distinct.toString(36).padStart(5, '0')}`,
    age: 18 + (seededHash(seed, key, 13) % 60),
    gender: pick(GENDERS, seededHash(seed, key, 14)),
    weight: Number((45 + distinct / 1_000_000).toFixed(6)),
    height: 150 + (distinct % 500_000) / 10_000,
  };
}

/** Values that no other member is meant to see; most are unique to the key. */
export interface Secrets {
  readonly email: string;
  readonly phone_number: string;
  readonly birthday: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly card_expires_at: string;
  readonly facebook_id: string;
  readonly facebook_access_token: string;
  readonly password_hash: string;
  readonly serial_number: string;
}

export function secretsOf(
  seed: number,
  { key, username, age }: Pick<Profile, 'username' | 'age'> & { readonly key: number },
): Secrets {
  const distinct = distinctBelow(DISTINCT_VALUES, key);
  return {
    email: `${username}@mail.cadence.test`,
    phone_number: `+1555${String(distinct).padStart(8, '0')}`,
    birthday: `${2021 - age}-${twoDigits(1 + (seededHash(seed, key, 21) % 12))}-${twoDigits(1 + (seededHash(seed, key, 22) % 28))}`,
    first_name: pick(FIRST_NAMES, seededHash(seed, key, 23)),
    last_name: `Sur${distinct.toString(36)}`,
    card_expires_at: `${2022 + (seededHash(seed, key, 24) % 5)}-${twoDigits(1 + (seededHash(seed, key, 25) % 12))}`,
    facebook_id: String(100_000_000_000 + distinct),
    facebook_access_token: `fbat_${hexId(seed, 31, key)}`,
    password_hash: `scrypt$${hexId(seed, 32, key)}`,
    serial_number: `CB-${distinct.toString(36).toUpperCase()}`,
  };
}

/** The password of every identity in the lab. */
export const passwordOf = (username: string): string => `ride-${username}`;

const twoDigits = (number: number): string => String(number).padStart(2, '0');
