import { distinctBelow, hexId, pick, scramble } from './scramble.ts';

/** Values a member carries in the table and may change; the rest is derived by `secretsOf`. */
export interface Profile {
  readonly username: string;
  readonly location: string;
  readonly age: number;
  readonly gender: string;
  readonly weight: number;
  readonly height: number;
}

/** Primes above 20 million and 36^5, so that `distinctBelow` gives every key its own value. */
const PLACES = 60_466_169;
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

/** What a member of that key is like. Location and weight are unique to the key; age and gender cannot be. */
export function profileOf(seed: number, key: number): Profile {
  const place = distinctBelow(PLACES, key);
  return {
    username: `${pick(MANNERS, scramble(seed, key, 11))}_${pick(CREATURES, scramble(seed, key, 12))}_${key.toString(36)}`,
    location: `Town-${place.toString(36).padStart(5, '0')}`,
    age: 18 + (scramble(seed, key, 13) % 60),
    gender: pick(GENDERS, scramble(seed, key, 14)),
    weight: Number((45 + place / 1_000_000).toFixed(6)),
    height: 150 + (place % 500_000) / 10_000,
  };
}

/** What a member never typed into a screen that others see: every value unique to the key. */
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

export function secretsOf(seed: number, key: number, username: string, age: number): Secrets {
  const place = distinctBelow(PLACES, key);
  return {
    email: `${username}@mail.cadence.test`,
    phone_number: `+1555${String(place).padStart(8, '0')}`,
    birthday: `${2021 - age}-${twoDigits(1 + (scramble(seed, key, 21) % 12))}-${twoDigits(1 + (scramble(seed, key, 22) % 28))}`,
    first_name: pick(FIRST_NAMES, scramble(seed, key, 23)),
    last_name: `Sur${place.toString(36)}`,
    card_expires_at: `${2022 + (scramble(seed, key, 24) % 5)}-${twoDigits(1 + (scramble(seed, key, 25) % 12))}`,
    facebook_id: String(100_000_000_000 + place),
    facebook_access_token: `fbat_${hexId(seed, 31, key)}`,
    password_hash: `scrypt$${hexId(seed, 32, key)}`,
    serial_number: `CB-${place.toString(36).toUpperCase()}`,
  };
}

/** Everybody's password in the lab: nothing here is worth guarding. */
export const passwordOf = (username: string): string => `ride-${username}`;

const twoDigits = (number: number): string => String(number).padStart(2, '0');
