import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSegment } from '../paths/segment-shape.ts';
import { decodeGlobalId, shapeOfString, shapeOfValue } from './value-shape.ts';

test.each([
  ['', 'empty'],
  ['olga', 'word'],
  ['isProfilePrivate', 'word'],
  ['spring-classics-ride', 'slug'],
  ['42', 'int'],
  ['-3.5', 'decimal'],
  ['v2', 'version'],
  ['2024-01-31', 'date'],
  ['2024-01-31T10:00:00Z', 'date-time'],
  ['olga@example.org', 'email'],
  ['jquery@2.2.4.js', 'text'],
  ['+44 1856 872 000', 'phone'],
  ['127.0.0.1', 'ip'],
  ['https://example.org/7', 'url'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln', 'jwt'],
  ['7c9e6679-7425-40de-944b-e07fc1f90ae7', 'uuid'],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ulid'],
  ['507f1f77bcf86cd799439011', 'object-id'],
  ['9e107d9d372bb6826bd81d3542a419d6', 'hex'],
  ['VXNlcjo0Mg==', 'global-id'],
  ['us:42', 'composite'],
  ['jR3kLx9QwZ', 'token'],
  ['A ride along the coast.', 'text'],
] as const)('%j looks like %s', (value, shape) => expect(shapeOfString(value)).toBe(shape));

test.each([
  'oauth2',
  '2fa',
  'sha256',
  'mp3',
  's3',
  'web3',
  'performance_graph',
  'metadata_mappings',
  'recent_following_workouts',
  'workouts',
  'v1',
  'security.txt',
])('the word %s is no id by its shape', (word) => expect(readSegment(word).isId).toBe(false));

test('a Relay id is decoded in each of its forms', () => {
  for (const plain of ['User:42', 'gid://cadence/User/42']) {
    expect(decodeGlobalId(Buffer.from(plain).toString('base64'))).toEqual({ type: 'User', id: '42' });
  }
  expect(decodeGlobalId('workouts')).toBeUndefined();
});

test('every string has a shape, in linear time', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(typeof shapeOfValue(value)).toBe('string');
    }),
  );
  for (const piece of ['a', '1', 'a.', '1-', 'aB1', '@', ':', '%']) shapeOfString(piece.repeat(400));
});
