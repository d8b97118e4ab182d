/** Incremented when the tables or their generated content change, so that an older file is rejected. */
export const STORE_VERSION = 3;

export const TABLES = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE member (
    key INTEGER PRIMARY KEY,            -- even: us, odd: uk
    region INTEGER NOT NULL,
    id TEXT NOT NULL,
    username TEXT NOT NULL,
    location TEXT NOT NULL,
    age INTEGER NOT NULL,
    gender TEXT NOT NULL,
    weight REAL NOT NULL,
    height REAL NOT NULL,
    is_private INTEGER NOT NULL DEFAULT 0,
    hides_age INTEGER NOT NULL DEFAULT 0,
    hides_gender INTEGER NOT NULL DEFAULT 0,
    maps_private INTEGER NOT NULL DEFAULT 0,
    minor INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    hidden_from_search INTEGER NOT NULL DEFAULT 0,
    tag INTEGER,
    org TEXT,
    org_role TEXT,
    joined_programme INTEGER NOT NULL DEFAULT 0,
    extra TEXT                          -- JSON of what the member changed or was given beyond these columns
  );
  CREATE TABLE workout (
    key INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL,
    id TEXT NOT NULL,
    ride INTEGER NOT NULL,
    created_at INTEGER NOT NULL,        -- seconds since 1970
    total_work INTEGER NOT NULL
  );
  CREATE TABLE follow (
    owner INTEGER NOT NULL,             -- who is followed
    follower INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    PRIMARY KEY (owner, follower)
  ) WITHOUT ROWID;
  CREATE TABLE org (region INTEGER NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (region, name)) WITHOUT ROWID;
  CREATE TABLE guardian (minor INTEGER NOT NULL, guardian INTEGER NOT NULL, PRIMARY KEY (minor, guardian)) WITHOUT ROWID;
`;

/** Created after the rows, because sorting once is cheaper than millions of index insertions. */
export const INDEXES = `
  CREATE UNIQUE INDEX member_by_id ON member (region, id);
  CREATE UNIQUE INDEX member_by_username ON member (username, region);
  CREATE INDEX member_by_tag ON member (region, tag, key) WHERE tag IS NOT NULL;
  CREATE INDEX member_by_org ON member (region, org) WHERE org IS NOT NULL;
  CREATE UNIQUE INDEX workout_by_id ON workout (id);
  CREATE INDEX workout_by_owner ON workout (owner, created_at);
  CREATE INDEX workout_by_ride ON workout (ride, owner);
  CREATE INDEX follow_by_follower ON follow (follower, owner);
`;
