import type { DatabaseSync } from 'node:sqlite';
import { MEMBER_PARTS, type Part, usernameOf } from '../people/cast.ts';
import { profileOf } from '../people/person.ts';
import { distinctBelow, hexId, scramble } from '../people/scramble.ts';
import { type Region, REGIONS } from '../rules/stages.ts';
import { keyOf, regionIndex } from './member.ts';
import { INDEXES, TABLES } from './tables.ts';

export const RIDES = 40;
export const TAGS = 12;
/** The class and the tag that the play's owners share. */
const CAST_RIDE = 0;
const CAST_TAG = 0;
/** Fixed: the lab lives in January 2021. */
const EPOCH_SECONDS = 1_611_100_800;
/** In these places of the table both regions use the same id for two different people. */
const SHARED_IDS = { from: 30, to: 36 };

const INSERT_MEMBER = `INSERT INTO member
  (key, region, id, username, location, age, gender, weight, height, is_private, hides_age, hides_gender, tag)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Ordinary members follow two others of their region, one workout each is added beside the cast's two. */
const FOLLOWS = `INSERT OR IGNORE INTO follow SELECT
    2 * (:first + ((key / 2 - :first) * 7 + :step) % (:count - :first)) + region, key, 1
  FROM member WHERE key / 2 >= :first`;

/** Fills an empty database: the cast first, ordinary members after. Takes its chance from `seed` alone. */
export function populate(db: DatabaseSync, seed: number, perRegion: number): void {
  db.exec(TABLES);
  db.exec('BEGIN');
  insertMembers(db, seed, perRegion);
  insertWorkouts(db, seed, perRegion);
  const follows = db.prepare(FOLLOWS);
  for (const step of [1, 4]) follows.run({ first: MEMBER_PARTS.length, count: perRegion, step });
  db.exec(INDEXES);
  for (const region of REGIONS) for (const part of MEMBER_PARTS) cast(db, region, part);
  db.exec('COMMIT');
}

function insertMembers(db: DatabaseSync, seed: number, perRegion: number): void {
  const insert = db.prepare(INSERT_MEMBER);
  for (let number = 0; number < perRegion; number++) {
    const part = MEMBER_PARTS[number];
    for (const region of REGIONS) {
      const key = keyOf(region, number);
      const profile = profileOf(seed, key);
      const chance = part === undefined ? scramble(seed, key, 15) : 1;
      insert.run(
        key,
        regionIndex(region),
        memberId(seed, region, number),
        part === undefined ? profile.username : usernameOf(part, region),
        profile.location,
        part?.states?.includes('minor') === true ? 14 : profile.age,
        profile.gender,
        profile.weight,
        profile.height,
        chance % 5 === 0 ? 1 : 0,
        chance % 7 === 0 ? 1 : 0,
        chance % 11 === 0 ? 1 : 0,
        part === undefined ? 1 + (chance % (TAGS - 1)) : part.inTag === true ? CAST_TAG : null,
      );
    }
  }
}

/** The id of the member in that place. `sam` of the first region carries the very id of `pia_uk`: another person. */
export function memberId(seed: number, region: Region, number: number): string {
  if (region === 'uk' && number === placeOf('pia')) return memberId(seed, 'us', placeOf('sam'));
  const shared = number >= SHARED_IDS.from && number < SHARED_IDS.to;
  return hexId(seed, shared ? 1 : 1 + regionIndex(region), number);
}

const placeOf = (name: string): number => MEMBER_PARTS.findIndex((part) => part.name === name);

function insertWorkouts(db: DatabaseSync, seed: number, perRegion: number): void {
  const insert = db.prepare('INSERT INTO workout (owner, id, ride, created_at, total_work) VALUES (?, ?, ?, ?, ?)');
  let count = 0;
  const add = (owner: number, ride: number): void => {
    const at = EPOCH_SECONDS - (scramble(seed, count, 41) % 20_000_000);
    insert.run(owner, hexId(seed, 40, count), ride, at, 100_000 + distinctBelow(60_466_169, count));
    count += 1;
  };
  for (let number = 0; number < perRegion; number++) {
    const part = MEMBER_PARTS[number];
    for (const region of REGIONS) {
      const key = keyOf(region, number);
      const ride = part === undefined ? 1 + (scramble(seed, key, 42) % (RIDES / 2)) : RIDES / 2 + 1 + number;
      add(key, ride);
      if (part !== undefined) add(key, part.inClass === true ? CAST_RIDE : ride);
    }
  }
}

function cast(db: DatabaseSync, region: Region, part: Part): void {
  const keyNamed = (name: string): number => keyOf(region, placeOf(name));
  const key = keyNamed(part.name);
  const columns: Readonly<Record<string, string>> = { private: 'is_private' };
  for (const state of part.states ?? []) db.exec(`UPDATE member SET ${columns[state] ?? state} = 1 WHERE key = ${key}`);
  if (part.employment !== undefined) {
    const { org, role, joinedProgramme } = part.employment;
    db.prepare('UPDATE member SET org = ?, org_role = ?, joined_programme = ? WHERE key = ?').run(
      org,
      role,
      joinedProgramme ? 1 : 0,
      key,
    );
  }
  const follow = db.prepare('INSERT INTO follow (owner, follower, accepted) VALUES (?, ?, ?)');
  for (const name of part.follows ?? []) follow.run(keyNamed(name), key, 1);
  for (const name of part.asksToFollow ?? []) follow.run(keyNamed(name), key, 0);
  for (const name of part.guards ?? []) {
    db.prepare('INSERT INTO guardian (minor, guardian) VALUES (?, ?)').run(keyNamed(name), key);
  }
}
