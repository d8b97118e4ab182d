import type { DatabaseSync } from 'node:sqlite';
import { CAST_WITH_ACCOUNTS, type CastMember, usernameOf } from '../people/cast.ts';
import { profileOf } from '../people/person.ts';
import { distinctBelow, hexId, seededHash } from '../people/seeded-hash.ts';
import { type Region, REGIONS } from '../rules/stage.ts';
import { keyOf, regionIndex } from './member.ts';
import { INDEXES, TABLES } from './tables.ts';

export const RIDES = 40;
export const TAGS = 12;
/** The class and the tag that the owners of the cast share. */
const CAST_RIDE = 0;
const CAST_TAG = 0;
/** 20 January 2021. */
const EPOCH_SECONDS = 1_611_100_800;
/** Members with these numbers have the same id in both regions, as two different people. */
const SHARED_IDS = { from: 30, to: 36 };

const INSERT_MEMBER = `INSERT INTO member
  (key, region, id, username, location, age, gender, weight, height, is_private, hides_age, hides_gender, tag)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/** Ordinary members follow two others of their region. */
const FOLLOWS = `INSERT OR IGNORE INTO follow SELECT
    2 * (:first + ((key / 2 - :first) * 7 + :step) % (:count - :first)) + region, key, 1
  FROM member WHERE key / 2 >= :first`;

/** Fills an empty database, the cast first, then ordinary members. The content depends on `seed` and `perRegion` only. */
export function populate(db: DatabaseSync, seed: number, perRegion: number): void {
  db.exec(TABLES);
  db.exec('BEGIN');
  insertMembers(db, seed, perRegion);
  insertWorkouts(db, seed, perRegion);
  const follows = db.prepare(FOLLOWS);
  for (const step of [1, 4]) follows.run({ first: CAST_WITH_ACCOUNTS.length, count: perRegion, step });
  db.exec(INDEXES);
  for (const region of REGIONS) for (const castMember of CAST_WITH_ACCOUNTS) insertCastMember(db, region, castMember);
  db.exec('COMMIT');
}

function insertMembers(db: DatabaseSync, seed: number, perRegion: number): void {
  const insert = db.prepare(INSERT_MEMBER);
  for (let number = 0; number < perRegion; number++) {
    const castMember = CAST_WITH_ACCOUNTS[number];
    for (const region of REGIONS) {
      const key = keyOf(region, number);
      const profile = profileOf(seed, key);
      const random = castMember === undefined ? seededHash(seed, key, 15) : 1;
      insert.run(
        key,
        regionIndex(region),
        memberId(seed, region, number),
        castMember === undefined ? profile.username : usernameOf(castMember, region),
        profile.location,
        castMember?.states?.includes('minor') === true ? 14 : profile.age,
        profile.gender,
        profile.weight,
        profile.height,
        random % 5 === 0 ? 1 : 0,
        random % 7 === 0 ? 1 : 0,
        random % 11 === 0 ? 1 : 0,
        castMember === undefined ? 1 + (random % (TAGS - 1)) : castMember.inTag === true ? CAST_TAG : null,
      );
    }
  }
}

/** The id of the member with that number. `sam` of the first region and `pia_uk` have the same id, as two different people. */
export function memberId(seed: number, region: Region, number: number): string {
  if (region === 'uk' && number === numberOf('pia')) return memberId(seed, 'us', numberOf('sam'));
  const shared = number >= SHARED_IDS.from && number < SHARED_IDS.to;
  return hexId(seed, shared ? 1 : 1 + regionIndex(region), number);
}

const numberOf = (name: string): number => CAST_WITH_ACCOUNTS.findIndex((castMember) => castMember.name === name);

function insertWorkouts(db: DatabaseSync, seed: number, perRegion: number): void {
  const insert = db.prepare('INSERT INTO workout (owner, id, ride, created_at, total_work) VALUES (?, ?, ?, ?, ?)');
  let count = 0;
  const add = (owner: number, ride: number): void => {
    const at = EPOCH_SECONDS - (seededHash(seed, count, 41) % 20_000_000);
    insert.run(owner, hexId(seed, 40, count), ride, at, 100_000 + distinctBelow(60_466_169, count));
    count += 1;
  };
  for (let number = 0; number < perRegion; number++) {
    const castMember = CAST_WITH_ACCOUNTS[number];
    for (const region of REGIONS) {
      const key = keyOf(region, number);
      const ride = castMember === undefined ? 1 + (seededHash(seed, key, 42) % (RIDES / 2)) : RIDES / 2 + 1 + number;
      add(key, ride);
      if (castMember !== undefined) add(key, castMember.inClass === true ? CAST_RIDE : ride);
    }
  }
}

function insertCastMember(db: DatabaseSync, region: Region, castMember: CastMember): void {
  const keyNamed = (name: string): number => keyOf(region, numberOf(name));
  const key = keyNamed(castMember.name);
  const columns: Readonly<Record<string, string>> = { private: 'is_private' };
  for (const state of castMember.states ?? [])
    db.exec(`UPDATE member SET ${columns[state] ?? state} = 1 WHERE key = ${key}`);
  if (castMember.employment !== undefined) {
    const { org, role, joinedProgramme } = castMember.employment;
    db.prepare('UPDATE member SET org = ?, org_role = ?, joined_programme = ? WHERE key = ?').run(
      org,
      role,
      joinedProgramme ? 1 : 0,
      key,
    );
  }
  const follow = db.prepare('INSERT INTO follow (owner, follower, accepted) VALUES (?, ?, ?)');
  for (const name of castMember.follows ?? []) follow.run(keyNamed(name), key, 1);
  for (const name of castMember.asksToFollow ?? []) follow.run(keyNamed(name), key, 0);
  for (const name of castMember.guards ?? []) {
    db.prepare('INSERT INTO guardian (minor, guardian) VALUES (?, ?)').run(keyNamed(name), key);
  }
}
