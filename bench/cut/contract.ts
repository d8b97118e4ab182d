import { type CompiledContract, LeakproofError } from '@leakproof/core';
import { loadContract } from '@leakproof/core/authoring';

/** `staff` may see everything, so every byte is kept; `member` may not see four fields of others. */
const TEXT = `
leakproof: 1
api: { servers: { one: { rest: 'http://api.example' } } }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/k', algorithms: [ES256] }, id: claims.sub, ids: person }
  staff: { jwt: { issuer: s, audience: a, jwks: 'https://i.example/k', algorithms: [ES256] }, id: claims.sub, ids: person }
owners: { person: { subject: true } }
resources:
  User:
    owner: id
    see: anyone
    fields:
      id: anyone
      username: anyone
      display_name: anyone
      email: [self, staff]
      bio: anyone
      location: [self, staff]
      weight: [self, staff]
      age: [self, staff]
      followers: anyone
      is_verified: anyone
      avatar_url: anyone
      created_at: anyone
  Profile:
    owner: id
    see: anyone
    fields:
      id: anyone
      username: anyone
      display_name: anyone
      email: [self, staff]
      bio: anyone
      location: { see: [self, staff], fields: { city: anyone, country: anyone, latitude: [self, staff], longitude: [self, staff] } }
      weight: [self, staff]
      age: [self, staff]
      followers: anyone
      is_verified: anyone
      avatar_url: anyone
      created_at: anyone
  Comment: { owner: user_id, see: anyone, fields: { id: anyone, user_id: anyone, text: anyone } }
  Workout:
    owner: user_id
    see: anyone
    fields:
      id: anyone
      user_id: anyone
      title: anyone
      started_at: anyone
      author: { see: anyone, is: Profile }
      stats: { see: [self, staff], is: any }
      comments: { see: anyone, is: [ Comment ] }
operations:
  GET /users: { by: anyone, returns: [ User ] }
  GET /feed: { by: anyone, returns: { data: [ Workout ], page: any } }
`;

export function benchContract(): CompiledContract {
  const { contract, problems } = loadContract('contract.yaml', () => ({ file: 'contract.yaml', text: TEXT }));
  if (contract) return contract;
  throw new LeakproofError('LP-INTERNAL', problems.map((each) => each.message).join(' '));
}
