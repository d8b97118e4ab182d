import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from './lab.ts';
import { openLabClient, type LabClient } from './traffic/lab-client.ts';
import type { ProbeRequest } from './traffic/probe.ts';

let lab: Lab;
let client: LabClient;
beforeAll(async () => {
  lab = await startLab({ members: 200 });
  client = openLabClient(lab.port);
});
afterAll(async () => {
  client.close();
  await lab.close();
});

const API = 'api.us.lab.test';
const GQL = 'gql.us.lab.test';
const post = (
  path: string,
  body: unknown,
): { readonly method: string; readonly path: string; readonly body: unknown } => ({
  method: 'POST',
  path,
  body,
});

test.each<readonly [string, string, ProbeRequest, number]>([
  ['a host it does not serve', 'api.fr.lab.test', { method: 'GET', path: '/health' }, 404],
  ['a path it does not have', API, { method: 'GET', path: '/api/nothing' }, 404],
  ['a segment with invalid percent-encoding', API, { method: 'GET', path: '/api/user/%zz' }, 404],
  ['ids that are not a list', API, post('/stats/workouts/details', { ids: 'all' }), 400],
  [
    'more ids than a batch may contain',
    API,
    post('/stats/workouts/details', { ids: Array.from({ length: 201 }, () => 'x') }),
    400,
  ],
  ['ids that are not text', API, post('/stats/workouts/details', { ids: [1] }), 400],
  ['a body that is a list', API, post('/auth/login', []), 400],
  ['a sign-up with a username in use', API, post('/auth/signup', { username: 'pia', password: 'x' }), 409],
  ['a sign-up with an invalid username', API, post('/auth/signup', { username: 'PIA <b>', password: 'x' }), 400],
  ['a query with a syntax error', GQL, post('/graphql', { query: '{' }), 400],
  ['a query that is a number', GQL, post('/graphql', { query: 7 }), 400],
  ['a query by GET', GQL, { method: 'GET', path: '/graphql' }, 405],
])('%s is answered with an error status, not a fault', async (...[, host, probe, status]) => {
  expect((await client.send(host, probe)).status).toBe(status);
});

test.each(['', 'Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic cGlhOnBpYQ==', `Bearer ${'e'.repeat(4000)}`])(
  'the invalid credential "%.20s" is ignored',
  async (authorization) => {
    lab.setStage('sealed');
    expect((await client.send(API, { method: 'GET', path: '/api/me' }, { authorization })).status).toBe(401);
    lab.setStage('open');
  },
);
