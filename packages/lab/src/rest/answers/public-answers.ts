import { RIDES } from '../../store/populate.ts';
import { INSTRUCTOR_ROW } from '../../surface/rest-sights.ts';
import { instructorsOf, rideOf } from '../../values/catalogue.ts';
import { type Answer, Reply } from '../call.ts';
import { Entity, type Tree } from '../render.ts';

const SECURITY_TXT = `Contact: mailto:security@cadence.lab.test
Expires: 2031-01-01T00:00:00.000Z
Preferred-Languages: en
Policy: http://api.us.lab.test/security-policy
`;

const instructors: Answer = ({ store, region }) => ({
  data: instructorsOf(store.seed, region).map((each) => new Entity(INSTRUCTOR_ROW, undefined, (field) => each[field])),
});

const metadata: Answer = ({ store }) => ({
  fitness_disciplines: ['cycling', 'running', 'strength', 'yoga'],
  class_types: Array.from({ length: RIDES }, (_, ride) => rideOf(store.seed, ride)).map(({ id, title }) => ({
    id,
    title,
  })),
});

/** What anybody may read, in every stage: where a false alarm would show. */
export const PUBLIC_ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/instructor': instructors,
  'GET /api/ride/metadata_mappings': metadata,
  'GET /health': () => ({ status: 'ok' }),
  'GET /.well-known/jwks.json': ({ jwks }) => jwks as Tree,
  'GET /.well-known/security.txt': () => new Reply(200, SECURITY_TXT, { 'content-type': 'text/plain; charset=utf-8' }),
};
