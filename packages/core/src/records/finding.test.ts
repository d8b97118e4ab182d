import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type FindingOperation, type FindingRecord, findingRecord } from './finding.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const found = (operation: FindingOperation, more: Partial<FindingRecord> = {}): FindingRecord =>
  findingRecord({ rule: 'object-authorization', viewer: 'member', field: 'User.weight', ...more, operation }, sha256);
const rest = (name: string): FindingOperation => ({ name, protocol: 'rest' });

test('a finding is named by rule, method, path, host, viewer and field', () => {
  expect(found(rest('GET /users/{id}/workouts'))).toEqual({
    id: 'F-48bc9426eac4fd4b',
    rule: 'object-authorization',
    method: 'GET',
    path: '/users/{}/workouts',
    host: 'rest',
    viewer: 'member',
    field: 'User.weight',
  });
});

test('it is the same finding whatever the parameters of the path are called', () => {
  expect(found(rest('GET /users/{id}')).id).toBe(found(rest('GET /users/{userId}')).id);
  expect(found(rest('GET /groups/{name}.json')).id).toBe(found(rest('GET /groups/{slug}.json')).id);
});

test.each<[string, FindingRecord]>([
  ['rule', found(rest('GET /users/{id}'), { rule: 'ignored-state' })],
  ['method', found(rest('POST /users/{id}'))],
  ['path', found(rest('GET /users/{id}/x'))],
  ['literal text of the path', found(rest('GET /users/{id}.json'))],
  ['host', found({ name: 'Query./users/{id}', protocol: 'graphql' })],
  ['viewer', found(rest('GET /users/{id}'), { viewer: 'anyone' })],
  ['field', found(rest('GET /users/{id}'), { field: 'User.city' })],
])('another %s is another finding', (_part, other) => {
  expect(other.id).not.toBe(found(rest('GET /users/{id}')).id);
});

test('a field of GraphQL is named by its type of operation and its name', () => {
  expect(found({ name: 'Query.workoutDetails', protocol: 'graphql' })).toMatchObject({
    method: 'query',
    path: 'workoutDetails',
    host: 'graphql',
  });
});
