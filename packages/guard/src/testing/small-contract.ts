import type { CompiledContract } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';

/** A small API with people, followers, a state that makes profiles private, lists, writes and GraphQL. */
export const SMALL_CONTRACT = `
leakproof: 1
api:
  servers: { us: { rest: 'http://api.test', graphql: 'http://gql.test/graphql', internal: 'http://internal.test', ids: us } }
  schema: schema.graphql
principals:
  member: { jwt: { issuer: cadence, audience: api, jwks: jwks.json, algorithms: [ES256] }, id: claims.sub, ids: person }
  meshed: { verified: { header: x-jwt-payload, from: [127.0.0.1/32] }, id: claims.sub, ids: person }
owners: { person: { subject: true } }
relations:
  follower: { of: person, lookup: POST /follows, cache: 5s }
  guardian: { of: person, lookup: POST /guards, until: /expires_at, cache: 1m }
states:
  private: { of: person, object: object.is_private, lookup: POST /privacy }
resources:
  User:
    owner: id
    see: anyone
    narrow: { private: [self, follower] }
    fields:
      id: { see: anyone, narrow: { private: anyone } }
      username: { see: anyone, narrow: { private: anyone } }
      is_private: { see: anyone, narrow: { private: anyone } }
      city: member
      email: { see: [self, guardian] }
      password: nobody
  Note: { owner: author, fields: { id: self, author: self, text: self } }
  Ride: { owner: none, see: anyone, fields: { id: anyone, name: anyone } }
operations:
  GET /users/{id}: { by: anyone, returns: User }
  GET /users: { by: member, returns: { data: [ User ], total: { see: nobody } }, query: [page] }
  GET /notes/{id}: { by: member, returns: Note }
  DELETE /notes/{id}: { by: self, owner: { of: 'GET /notes/{id}' } }
  PUT /users/{id}: { by: self, owner: path.id, accepts: [city], returns: User }
  GET /rides: { by: anyone, returns: [ Ride ] }
  GET /anything: { by: anyone, returns: any }
  GET /watched/{id}: { by: member, returns: User, mode: monitor }
  Query.user: { by: anyone }
`;

const SCHEMA =
  'type User { id: ID! username: String is_private: Boolean city: String email: String } type Query { user(id: ID!): User }';

/** Compiles a contract. `keys`: the JWKs of its issuer. */
export function compileContract(text = SMALL_CONTRACT, keys: readonly unknown[] = []): CompiledContract {
  const files: Record<string, string> = {
    'contract.yaml': text,
    'schema.graphql': SCHEMA,
    'jwks.json': JSON.stringify({ keys }),
  };
  return loadContractOrThrow('contract.yaml', (path) => {
    const name = path.split('/').at(-1) ?? '';
    return { file: name, text: files[name] ?? '' };
  });
}
