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

test.each([
  'check_by_user_id',
  'get_user_by_id',
  'user-by-id',
  'me_and_my_friends',
  'order_details_v2',
  'list-2fa-methods',
  'stats_v2',
  'top-by-edits',
  'image-uint16',
  'journal-s3-exports',
  'a11y_mode',
  'verify-md5',
  'v1p1beta1',
  'byIdOrUrl',
  'b2xUserFlows',
  'i18nRegions',
  'v1:initializeCustomer',
  'searchAds360Fields:search',
])('the words %s are no id by their shape', (word) => expect(readSegment(word).isId).toBe(false));

test.each([
  'usr_9f8a7b6c',
  'order-7f3a9c',
  'INV-2024-0001',
  'px6y-gdbx-03ts',
  'V1StGXR8_Z5jdHi6B-myT',
  'cus_NffrFeUfNV2Hib',
  'k57a9x2b1c',
  'user:ab12',
  '7:cancel',
])('%s is an id by its shape', (word) => expect(readSegment(word).isId).toBe(true));

const digits = '0123456789'.split('');
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
const hex = fc.constantFrom(...digits, ...letters.slice(0, 6));
const base36 = fc.constantFrom(...digits, ...letters);
const base62 = fc.constantFrom(...digits, ...letters, ...letters.map((letter) => letter.toUpperCase()));
const three = { minLength: 3, maxLength: 3 };

test('most random texts are ids by their shape', () => {
  const forms = {
    'letters and digits, 10': [fc.string({ unit: base62, minLength: 10, maxLength: 10 }), 0.65],
    'letters and digits, 22': [fc.string({ unit: base62, minLength: 22, maxLength: 22 }), 0.92],
    'small letters and digits, 12': [fc.string({ unit: base36, minLength: 12, maxLength: 12 }), 0.8],
    'three groups of four': [
      fc.array(fc.string({ unit: base36, minLength: 4, maxLength: 4 }), three).map((all) => all.join('-')),
      0.85,
    ],
    'a word and eight hexadecimal digits': [
      fc.string({ unit: hex, minLength: 8, maxLength: 8 }).map((id) => `usr_${id}`),
      0.93,
    ],
  } as const;
  for (const [name, [texts, least]] of Object.entries(forms)) {
    const sample = fc.sample<string>(texts, { numRuns: 2_000, seed: 7 });
    const share = sample.filter((text) => readSegment(text).isId).length / sample.length;
    expect([name, share >= least, share]).toEqual([name, true, share]);
  }
});
