import type { CompiledContract } from '@leakproof/core';
import { loadContractOrThrow } from '@leakproof/core/authoring';

export const TINY = `
leakproof: 1
api: { servers: { one: { rest: 'http://tiny.test' } } }
principals:
  member:
    jwt: { issuer: tiny, audience: api, jwks: 'http://tiny.test/jwks', algorithms: [ES256] }
    id: claims.sub
    ids: person
relations: { friend: { of: person, lookup: POST /lookup } }
states: { private: { of: person, object: { User: object.is_private }, lookup: POST /lookup } }
resources:
  User:
    owner: id
    see: member
    fields:
      id: member
      name: member
      is_private: member
      city: { see: member, class: location.city, narrow: { private: [self, friend] } }
      weight: { see: self, class: body.weight }
      secret: nobody
operations:
  POST /login: { by: anyone, accepts: [name, password], returns: { token: plain } }
  GET /me: { by: member, returns: User }
  GET /user/{id}: { by: member, returns: User }
  POST /users/remove: { by: member, accepts: [ids], returns: User }
  GET /rides: { by: anyone, returns: any }
`;

/** The contract of the tiny API, with `change` applied to its text. */
export function tinyContract(change: (text: string) => string = (text) => text): CompiledContract {
  return loadContractOrThrow('tiny.yaml', (file) => ({ file, text: change(TINY) }));
}
