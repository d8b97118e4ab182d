import { RIDES } from '../../store/populate.ts';
import { INSTRUCTOR, INSTRUCTOR_ROW, RIDE, RIDE_ROW } from '../../surface/rest-projections.ts';
import type { Projection } from '../../surface/operation.ts';
import { instructorsOf, rideNumbered, rideOf } from '../../values/catalogue.ts';
import { type Handler, type Call, Reply } from '../call.ts';
import { Entity, type Tree } from '../render.ts';

const SECURITY_TXT = `Contact: mailto:security@cadence.lab.test
Expires: 2031-01-01T00:00:00.000Z
Preferred-Languages: en
Policy: http://api.us.lab.test/security-policy
`;

const publicEntity = (projection: Projection, values: Readonly<Record<string, string>>): Entity =>
  new Entity({ projection, owner: undefined, values: (field) => values[field] });

const instructors: Handler = ({ store, region }) => ({
  data: instructorsOf(store.seed, region).map((each) => publicEntity(INSTRUCTOR_ROW, each)),
});

const instructor: Handler = ({ store, region, path }) => {
  const found = instructorsOf(store.seed, region).find((each) => each['id'] === path['id']);
  return found && publicEntity(INSTRUCTOR, found);
};

const rides = ({ store }: Call): readonly Readonly<Record<string, string>>[] =>
  Array.from({ length: RIDES }, (_, ride) => rideOf(store.seed, ride));

const metadata: Handler = (call) => ({
  fitness_disciplines: ['cycling', 'running', 'strength', 'yoga'],
  class_types: rides(call).map(({ id, title }) => ({ id, title })),
});

const ride: Handler = ({ store, path }) => {
  const number = rideNumbered(store.seed, path['id'] ?? '');
  return number === undefined ? undefined : publicEntity(RIDE, rideOf(store.seed, number));
};

const archived: Handler = (call) => {
  const category = call.queryParameter('browse_category') ?? 'cycling';
  const found = rides(call).filter(({ fitness_discipline }) => fitness_discipline === category);
  return { data: found.map((each) => publicEntity(RIDE_ROW, each)) };
};

/** Classes that are live between two times, without attendees. */
const live: Handler = (call) => ({
  data: rides(call)
    .slice(0, 3)
    .map((each) => publicEntity(RIDE_ROW, each)),
  start: call.queryParameter('start'),
  end: call.queryParameter('end'),
});

/** Operations that are public in every stage: a finding on one of them is a false positive. */
export const PUBLIC_HANDLERS: Readonly<Record<string, Handler>> = {
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
