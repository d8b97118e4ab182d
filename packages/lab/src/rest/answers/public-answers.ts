import { RIDES } from '../../store/populate.ts';
import { INSTRUCTOR, INSTRUCTOR_ROW, RIDE, RIDE_ROW } from '../../surface/rest-sights.ts';
import type { Sight } from '../../surface/door.ts';
import { instructorsOf, rideNumbered, rideOf } from '../../values/catalogue.ts';
import { type Answer, type Call, Reply } from '../call.ts';
import { Entity, type Tree } from '../render.ts';

const SECURITY_TXT = `Contact: mailto:security@cadence.lab.test
Expires: 2031-01-01T00:00:00.000Z
Preferred-Languages: en
Policy: http://api.us.lab.test/security-policy
`;

const nobodys = (sight: Sight, values: Readonly<Record<string, string>>): Entity =>
  new Entity(sight, undefined, (field) => values[field]);

const instructors: Answer = ({ store, region }) => ({
  data: instructorsOf(store.seed, region).map((each) => nobodys(INSTRUCTOR_ROW, each)),
});

const instructor: Answer = ({ store, region, path }) => {
  const found = instructorsOf(store.seed, region).find((each) => each['id'] === path['id']);
  return found && nobodys(INSTRUCTOR, found);
};

const rides = ({ store }: Call): readonly Readonly<Record<string, string>>[] =>
  Array.from({ length: RIDES }, (_, ride) => rideOf(store.seed, ride));

const metadata: Answer = (call) => ({
  fitness_disciplines: ['cycling', 'running', 'strength', 'yoga'],
  class_types: rides(call).map(({ id, title }) => ({ id, title })),
});

const ride: Answer = ({ store, path }) => {
  const number = rideNumbered(store.seed, path['id'] ?? '');
  return number === undefined ? undefined : nobodys(RIDE, rideOf(store.seed, number));
};

const archived: Answer = (call) => {
  const category = call.argument('browse_category') ?? 'cycling';
  const found = rides(call).filter(({ fitness_discipline }) => fitness_discipline === category);
  return { data: found.map((each) => nobodys(RIDE_ROW, each)) };
};

/** The studio's schedule: which classes are live between two times. Which, not who is in them. */
const live: Answer = (call) => ({
  data: rides(call)
    .slice(0, 3)
    .map((each) => nobodys(RIDE_ROW, each)),
  start: call.argument('start'),
  end: call.argument('end'),
});

/** What anybody may read, in every stage: where a false alarm would show. */
export const PUBLIC_ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/instructor': instructors,
  'GET /api/instructor/{id}': instructor,
  'GET /api/ride/metadata_mappings': metadata,
  'GET /api/ride/{id}/details': ride,
  'GET /api/v2/ride/archived': archived,
  'GET /api/v3/ride/live': live,
  'GET /health': () => ({ status: 'ok' }),
  'GET /.well-known/jwks.json': ({ jwks }) => jwks as Tree,
  'GET /.well-known/security.txt': () => new Reply(200, SECURITY_TXT, { 'content-type': 'text/plain; charset=utf-8' }),
};
