import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Region } from '../rules/stage.ts';
import { extraOf, type Member, regionIndex } from './member.ts';

export interface Workout {
  readonly key: number;
  readonly owner: number;
  readonly id: string;
  readonly ride: number;
  readonly created_at: number;
  readonly total_work: number;
}

export interface Window {
  readonly limit: number;
  readonly offset: number;
}

/** A time span, in seconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly oldestFirst: boolean;
}

/** The members and their data. Reads name a region, because an id can belong to another person in the other region. */
export interface Store {
  readonly seed: number;
  memberByKey(key: number): Member | undefined;
  memberById(region: Region, id: string): Member | undefined;
  /** By id or by username. */
  memberByName(region: Region, idOrUsername: string): Member | undefined;
  searchMembers(region: Region, prefix: string, limit: number): readonly Member[];
  membersTagged(region: Region, tag: number, window: Window): readonly Member[];
  countTagged(region: Region, tag: number): number;
  membersOnRide(region: Region, ride: number, window: Window): readonly Member[];
  membersOfOrg(region: Region, org: string): readonly Member[];
  countMembers(region: Region): number;
  workoutById(id: string): Workout | undefined;
  workoutsOf(owner: number, window: Window): readonly Workout[];
  /** Workouts at `from` or later and before `to`, the latest first by default. */
  workoutsBetween(owner: number, span: Span, window: Window): readonly Workout[];
  workoutCount(owner: number): number;
  workoutOnRide(owner: number, ride: number): Workout | undefined;
  orgTitle(region: Region, org: string): string | undefined;
  setOrgTitle(region: Region, org: string, title: string): void;
  /** Undoes every change since the store was opened. */
  reset(): void;
  followers(owner: number, window: Window): readonly Member[];
  following(follower: number, window: Window): readonly Member[];
  followCounts(member: number): { readonly followers: number; readonly following: number; readonly pending: number };
  follow(owner: number, follower: number): 'following' | 'follow_pending' | 'none';
  guards(guardian: number, minor: number): boolean;
  sharesClass(one: number, other: number): boolean;
  setFollow(owner: number, follower: number, accepted: boolean | undefined): void;
  nextKey(region: Region): number;
  addMember(member: Member): void;
  /** `columns`: names of columns of the table, never text from a request. */
  updateMember(key: number, columns: Readonly<Partial<Record<keyof Member, SQLInputValue>>>): void;
  setExtra(member: Member, values: Readonly<Record<string, unknown>>): void;
  deleteWorkout(key: number): void;
  close(): void;
}

/** Reads and writes a filled database. Writes are undone on `close`, so that a file can be used many times. */
export function storeOver(db: DatabaseSync, seed: number): Store {
  const prepare = <Row>(sql: string): Statement<Row> => {
    const statement = db.prepare(sql);
    return {
      one: (...values) => statement.get(...values) as Row | undefined,
      many: (...values) => statement.all(...values) as Row[],
      run: (...values) => statement.run(...values),
    };
  };
  const byKey = prepare<Member>('SELECT * FROM member WHERE key = ?');
  const byId = prepare<Member>('SELECT * FROM member WHERE region = ? AND id = ?');
  const byUsername = prepare<Member>('SELECT * FROM member WHERE username = ? AND region = ?');
  const search = prepare<Member>('SELECT * FROM member WHERE username >= ? AND username < ? AND region = ? LIMIT ?');
  const tagged = prepare<Member>('SELECT * FROM member WHERE region = ? AND tag = ? ORDER BY key LIMIT ? OFFSET ?');
  const countTagged = prepare<{ n: number }>('SELECT count(*) AS n FROM member WHERE region = ? AND tag = ?');
  const onRide = prepare<Member>(
    'SELECT * FROM member WHERE key IN (SELECT owner FROM workout WHERE ride = ? AND owner % 2 = ? ORDER BY owner LIMIT ? OFFSET ?)',
  );
  const ofOrg = prepare<Member>('SELECT * FROM member WHERE region = ? AND org = ? ORDER BY key');
  const count = prepare<{ n: number }>('SELECT count(*) AS n FROM member WHERE region = ?');
  const workoutById = prepare<Workout>('SELECT * FROM workout WHERE id = ?');
  const workoutsOf = prepare<Workout>(
    'SELECT * FROM workout WHERE owner = ? ORDER BY created_at DESC LIMIT ? OFFSET ?',
  );
  const workoutsBetween = (order: 'ASC' | 'DESC'): Statement<Workout> =>
    prepare<Workout>(
      `SELECT * FROM workout WHERE owner = ? AND created_at >= ? AND created_at < ? ORDER BY created_at ${order} LIMIT ? OFFSET ?`,
    );
  const [latestBetween, earliestBetween] = [workoutsBetween('DESC'), workoutsBetween('ASC')];
  const workoutOnRide = prepare<Workout>('SELECT * FROM workout WHERE owner = ? AND ride = ? LIMIT 1');
  const orgTitle = prepare<{ title: string }>('SELECT title FROM org WHERE region = ? AND name = ?');
  const setOrgTitle = prepare('INSERT OR REPLACE INTO org VALUES (?, ?, ?)');
  const workoutCount = prepare<{ n: number }>('SELECT count(*) AS n FROM workout WHERE owner = ?');
  const followers = prepare<Member>(
    'SELECT m.* FROM follow f JOIN member m ON m.key = f.follower WHERE f.owner = ? AND f.accepted = 1 ORDER BY f.follower LIMIT ? OFFSET ?',
  );
  const following = prepare<Member>(
    'SELECT m.* FROM follow f JOIN member m ON m.key = f.owner WHERE f.follower = ? AND f.accepted = 1 ORDER BY f.owner LIMIT ? OFFSET ?',
  );
  const followCounts = prepare<{ followers: number; following: number; pending: number }>(
    `SELECT (SELECT count(*) FROM follow WHERE owner = ?1 AND accepted = 1) AS followers,
      (SELECT count(*) FROM follow WHERE follower = ?1 AND accepted = 1) AS following,
      (SELECT count(*) FROM follow WHERE owner = ?1 AND accepted = 0) AS pending`,
  );
  const follow = prepare<{ accepted: 0 | 1 }>('SELECT accepted FROM follow WHERE owner = ? AND follower = ?');
  const setFollow = prepare('INSERT OR REPLACE INTO follow VALUES (?, ?, ?)');
  const dropFollow = prepare('DELETE FROM follow WHERE owner = ? AND follower = ?');
  const guards = prepare('SELECT 1 FROM guardian WHERE guardian = ? AND minor = ?');
  const shares = prepare(
    'SELECT 1 FROM workout a JOIN workout b ON a.ride = b.ride WHERE a.owner = ? AND b.owner = ? LIMIT 1',
  );
  const lastKey = prepare<{ key: number }>('SELECT max(key) AS key FROM member');
  const dropWorkout = prepare('DELETE FROM workout WHERE key = ?');

  const store: Store = {
    seed,
    memberByKey: (key) => byKey.one(key),
    memberById: (region, id) => byId.one(regionIndex(region), id),
    memberByName: (region, name) => byId.one(regionIndex(region), name) ?? byUsername.one(name, regionIndex(region)),
    searchMembers: (region, prefix, limit) => search.many(prefix, `${prefix}\u{10ffff}`, regionIndex(region), limit),
    membersTagged: (region, tag, { limit, offset }) => tagged.many(regionIndex(region), tag, limit, offset),
    countTagged: (region, tag) => countTagged.one(regionIndex(region), tag)?.n ?? 0,
    membersOnRide: (region, ride, { limit, offset }) => onRide.many(ride, regionIndex(region), limit, offset),
    membersOfOrg: (region, org) => ofOrg.many(regionIndex(region), org),
    countMembers: (region) => count.one(regionIndex(region))?.n ?? 0,
    workoutById: (id) => workoutById.one(id),
    workoutsOf: (owner, { limit, offset }) => workoutsOf.many(owner, limit, offset),
    workoutsBetween: (owner, { from, to, oldestFirst }, { limit, offset }) =>
      (oldestFirst ? earliestBetween : latestBetween).many(owner, from, to, limit, offset),
    workoutOnRide: (owner, ride) => workoutOnRide.one(owner, ride),
    orgTitle: (region, org) => orgTitle.one(regionIndex(region), org)?.title,
    setOrgTitle: (region, org, title) => void setOrgTitle.run(regionIndex(region), org, title),
    reset: () => db.exec('ROLLBACK; BEGIN'),
    workoutCount: (owner) => workoutCount.one(owner)?.n ?? 0,
    followers: (owner, { limit, offset }) => followers.many(owner, limit, offset),
    following: (follower, { limit, offset }) => following.many(follower, limit, offset),
    followCounts: (member) => followCounts.one(member) ?? { followers: 0, following: 0, pending: 0 },
    follow: (owner, follower) => {
      const row = follow.one(owner, follower);
      if (row === undefined) return 'none';
      return row.accepted === 1 ? 'following' : 'follow_pending';
    },
    guards: (guardian, minor) => guards.one(guardian, minor) !== undefined,
    sharesClass: (one, other) => shares.one(one, other) !== undefined,
    setFollow: (owner, follower, accepted) => {
      if (accepted === undefined) dropFollow.run(owner, follower);
      else setFollow.run(owner, follower, accepted ? 1 : 0);
    },
    nextKey: (region) => {
      const last = lastKey.one()?.key ?? 0;
      return last - (last % 2) + 2 + regionIndex(region);
    },
    addMember: (member) => {
      const names = Object.keys(member);
      db.prepare(`INSERT INTO member (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(
        ...(Object.values(member) as SQLInputValue[]),
      );
    },
    updateMember: (key, columns) => {
      const names = Object.keys(columns);
      if (names.length === 0) return;
      db.prepare(`UPDATE member SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE key = ?`).run(
        ...Object.values(columns),
        key,
      );
    },
    setExtra: (member, values) => {
      store.updateMember(member.key, { extra: JSON.stringify({ ...extraOf(member), ...values }) });
    },
    deleteWorkout: (key) => void dropWorkout.run(key),
    close: () => {
      db.exec('ROLLBACK');
      db.close();
    },
  };
  return store;
}

interface Statement<Row> {
  one(...values: readonly SQLInputValue[]): Row | undefined;
  many(...values: readonly SQLInputValue[]): Row[];
  run(...values: readonly SQLInputValue[]): unknown;
}
