import { bearer, type CorpusCase, request } from '../corpus-case.ts';

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const graphql = (query: string, as: string, variables = {}): string =>
  request('POST /graphql', [bearer(as)], JSON.stringify({ query, variables })).replace('api.corpus', 'gql.corpus');

const unauthorised = (title: string, headers: readonly string[], line = 'GET /users/7'): CorpusCase => ({
  id: 'A5',
  title,
  send: () => request(line, headers),
  status: [400, 401],
  reaches: 'silent',
});

export const AUTHORIZATION: readonly CorpusCase[] = [
  {
    id: 'A1',
    title: 'another owner’s object by its path is 404',
    send: (as) => request('GET /notes/n7', [bearer(as.stranger)]),
    status: [404],
  },
  {
    id: 'A1',
    title: 'the principal’s own object by its path is released',
    send: (as) => request('GET /notes/n9', [bearer(as.stranger)]),
    status: [200],
    keeps: ['KEEP-text'],
  },
  {
    id: 'A1',
    title: 'a write to another owner’s object does not reach the origin',
    send: (as) => request('PUT /users/7', [bearer(as.stranger)], '{"city":"x"}'),
    status: [404],
    reaches: 'silent',
  },
  {
    id: 'A1',
    title: 'a deletion of another owner’s object is not forwarded',
    send: (as) => request('DELETE /notes/n7', [bearer(as.stranger)]),
    status: [404],
    neverSent: ['delete /'],
  },
  {
    id: 'A1',
    title: 'a deletion of the principal’s own object is forwarded',
    send: (as) => request('DELETE /notes/n9', [bearer(as.stranger)]),
    status: [200],
    sent: ['delete /notes/n9'],
  },
  {
    id: 'A1',
    title: 'ids in a body give access to no more fields than ids in a path',
    send: (as) => request('POST /users/details', [bearer(as.stranger)], '{"ids":["7"]}'),
    status: [200],
    keeps: ['KEEP-name-7'],
  },
  {
    id: 'A1',
    title: 'an undeclared member of a request body is refused',
    send: (as) => request('POST /users/details', [bearer(as.stranger)], '{"ids":["7"],"fields":["email"]}'),
    status: [400],
    reaches: 'silent',
  },
  {
    id: 'A1',
    title: 'a GraphQL alias hides no field',
    send: (as) => graphql('query($me: ID!) { u: user(id: $me) { city email } }', as.stranger, { me: '7' }),
    status: [200],
    keeps: ['KEEP-city'],
    never: ['leakproof_'],
  },
  ...[
    '[{"query":"{ user(id: 7) { email } }"}]',
    '{"query":"{ __schema { types { name } } }"}',
    '{"query":"{ user(id: 7) { leakproof_id: id } }"}',
    '{"query":"{ secrets }"}',
    '{"extensions":{"persistedQuery":{"sha256Hash":"x"}}}',
  ].map((body): CorpusCase => ({
    id: 'A1',
    title: `the GraphQL request ${body.slice(0, 60)} is refused`,
    send: (as) => request('POST /graphql', [bearer(as.stranger)], body).replace('api.corpus', 'gql.corpus'),
    status: [400, 404],
    reaches: 'silent',
  })),
  {
    id: 'A2',
    title: 'a list has the visible fields of each object, and no total',
    send: (as) => request('GET /users', [bearer(as.stranger)]),
    status: [200],
    keeps: ['KEEP-name-7', 'KEEP-city-7', 'KEEP-name-8', 'KEEP-city-8'],
    never: ['total'],
  },
  {
    id: 'A3',
    title: 'a nested object is judged by its own owner',
    send: (as) => request('GET /users/9', [bearer(as.stranger)]),
    status: [200],
    keeps: ['KEEP-name-9', 'KEEP-email-9', 'KEEP-name-8'],
  },
  unauthorised('a token without a signature is refused', [
    `Authorization: Bearer ${b64({ alg: 'none' })}.${b64({ iss: 'corpus', aud: 'api', sub: '7', exp: 9e9 })}.`,
  ]),
  unauthorised('a password is refused', ['Authorization: Basic Nzpw']),
  unauthorised('a token in the query is refused', [], 'GET /users/7?access_token=abc'),
  unauthorised('a malformed token is refused', ['Authorization: Bearer abc']),
  unauthorised('an empty credential is refused', ['Authorization: ']),
  unauthorised('an anonymous caller is no member', []),
  {
    id: 'A6',
    title: 'a relation whose lookup fails does not hold',
    send: (as) => request('GET /users/7', [bearer(as.stranger)]),
    status: [200],
    keeps: ['KEEP-name-7'],
    never: ['email'],
  },
  {
    id: 'A8',
    title: 'a condition that throws grants nothing',
    send: (as) => request('GET /users/7', [bearer(as.twin)]),
    status: [200],
    keeps: ['KEEP-name-7'],
    never: ['email-7'],
  },
];
