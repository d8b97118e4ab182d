/** The number of members, each with its own token. */
export const MEMBERS = 8;

/** Few enough that the warm-up requests all of them. */
export const PAGES = 20;

export interface Size {
  readonly name: string;
  readonly objects: number;
}

export const SIZES: readonly Size[] = [
  { name: '2.4 kB, 8 objects', objects: 8 },
  { name: '30 kB, 100 objects', objects: 100 },
];

/** Lists of people, each of about 300 bytes and fourteen fields, some of which are not for everybody. */
export function pagesOf({ objects }: Size): readonly string[] {
  return Array.from({ length: PAGES }, (_, page) => {
    const people = Array.from({ length: objects }, (__, index) => personOf(1000 + page * objects + index));
    return JSON.stringify({ data: people });
  });
}

function personOf(id: number): unknown {
  return {
    id: String(id),
    username: `rider_${id}`,
    name: `Rider Number ${id}`,
    city: 'Bexhill-on-Sea',
    bio: 'I ride early and badly.',
    email: `rider.${id}@example.org`,
    phone: `+15550${id}`,
    birth_year: 1950 + (id % 50),
    weight_kg: 60.5 + (id % 30),
    workouts: id % 900,
    is_private: id % 4 === 0,
    created_at: '2026-01-02T03:04:05Z',
    password: 'x1x1x1x1x1',
    etag: `"${id}a"`,
  };
}

/** Each person follows every second other one. */
export function follows(viewer: string, owner: string): boolean {
  return (Number(viewer) + Number(owner)) % 2 === 0;
}

/** Fields that nobody may see, and fields for followers only; the same as in the contract below. */
export const FOR_NOBODY = ['password', 'etag'] as const;
export const FOR_FOLLOWERS = ['email', 'phone', 'birth_year', 'weight_kg'] as const;

/** Relations are looked up during the warm-up and cached: requests with known relations are measured. */
export const CONTRACT = `
leakproof: 1
api:
  servers: { us: { rest: 'http://api.test', internal: 'http://internal.test', ids: us } }
principals:
  member: { jwt: { issuer: bench, audience: api, jwks: jwks.json, algorithms: [ES256] }, id: claims.sub, ids: person }
owners: { person: { subject: true } }
relations: { follower: { of: person, lookup: POST /follows, cache: 1h } }
resources:
  User:
    owner: id
    see: member
    fields:
      id: member
      username: member
      name: member
      city: member
      bio: member
      email: [self, follower]
      phone: [self, follower]
      birth_year: [self, follower]
      weight_kg: [self, follower]
      workouts: member
      is_private: member
      created_at: member
      password: nobody
operations:
  GET /users: { by: member, returns: { data: [ User ] }, query: [page] }
budgets:
  - { per: principal, count: owners, within: 1h, max: 1000000, steps: [observe, '429', freeze] }
`;
